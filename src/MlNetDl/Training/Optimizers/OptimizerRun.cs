using MlNetDl.Configuration;
using static TorchSharp.torch;

namespace MlNetDl.Training.Optimizers;

/// <summary>An optimiser at work on some weights; holds its state (momentum, …) beside each.</summary>
public sealed class OptimizerRun : IDisposable
{
    private readonly Optimizer optimizer;
    private readonly Tensor[] parameters;
    private readonly Tensor[][] state;
    private readonly double[] decay;
    private bool evaluatedAgain;

    internal OptimizerRun(Optimizer optimizer, IReadOnlyList<Tensor> parameters, IReadOnlyList<bool>? decays)
    {
        if (optimizer.Slots < 0)
        {
            throw new ArgumentException($"{optimizer.GetType().Name}.Slots must be 0 or more but is {optimizer.Slots}.");
        }

        this.optimizer = optimizer;
        this.parameters = [.. parameters];
        using var none = no_grad();
        state = [.. parameters.Select(p => Enumerable.Range(0, optimizer.Slots)
            .Select(_ => zeros_like(p).DetachFromDisposeScope()).ToArray())];
        decay = [.. parameters.Select((p, i) => optimizer.DecayVectors || (decays?[i] ?? p.dim() > 1) ? optimizer.WeightDecay : 0)];
    }

    /// <summary>Steps taken.</summary>
    public long Steps { get; internal set; }

    /// <summary>The kind of the optimiser. State of one kind means nothing to another.</summary>
    internal string Kind => KindOf(optimizer);

    /// <summary>The state tensors, in a fixed order, for checkpoints.</summary>
    internal IEnumerable<Tensor> State => state.SelectMany(s => s);

    /// <summary>Forgets the gradients. They are dropped, not zeroed: the next backward pass then writes
    /// instead of adding.</summary>
    public void ZeroGradients()
    {
        foreach (var parameter in parameters)
        {
            parameter.grad = null;
        }
    }

    /// <summary>Lets an optimiser that needs the loss more than once (<see cref="IReevaluatingOptimizer"/>)
    /// take its gradients. Others do nothing. To be called after the backward pass of each step, before
    /// gradients are clipped.</summary>
    /// <param name="backward">Evaluates the loss of the same batch again and makes its gradients; returns the loss. The
    /// gradients before are forgotten by then.</param>
    /// <exception cref="ComponentException">The optimiser's code failed.</exception>
    public void Reevaluate(Func<double> backward)
    {
        if (optimizer is not IReevaluatingOptimizer again)
        {
            return;
        }

        using var none = no_grad();
        using var scope = NewDisposeScope();
        Exception? ofLoss = null;
        try
        {
            again.Reevaluate(parameters, () => Evaluated(backward, e => ofLoss = e));
        }
        catch (Exception e) when (e != ofLoss && e is not (ComponentException or OperationCanceledException))
        {
            throw new ComponentException(optimizer, nameof(again.Reevaluate), e, $"step {Steps + 1}");
        }

        evaluatedAgain = true;
    }

    // What the loss throws is not the optimiser's fault, although it comes through its code.
    private double Evaluated(Func<double> backward, Action<Exception> failed)
    {
        ZeroGradients();
        using var gradients = enable_grad();
        try
        {
            return backward();
        }
        catch (Exception e)
        {
            failed(e);
            throw;
        }
    }

    /// <summary>Scales the gradients so that their norm over all weights together is at most <paramref name="maxNorm"/>
    /// (Pascanu et al. 2012, arXiv:1211.5063).</summary>
    /// <returns>The norm before.</returns>
    /// <remarks>
    /// The factor is maxNorm / (norm + 1e-6), as in PyTorch. Clipping each tensor for itself would change the
    /// direction. A norm that is not a number scales nothing; an infinite one makes 0 of what is finite and NaN of what
    /// is not, so that the next loss ends the training.
    /// </remarks>
    public double ClipGradients(double maxNorm)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var gradients = parameters.Select(p => p.grad).OfType<Tensor>().ToList();
        double norm = GradientNorm.Of(gradients);
        double factor = maxNorm / (norm + 1e-6);
        if (factor < 1)
        {
            foreach (var gradient in gradients)
            {
                gradient.MulInPlace(factor);
            }
        }

        return norm;
    }

    /// <summary>Moves the weights by one step; a weight without gradient stays.</summary>
    /// <remarks>A graph made before the step cannot be run backward after it, as its weights have changed: torch
    /// refuses with an error.</remarks>
    /// <param name="learningRate">The step size, the schedule's factor included.</param>
    /// <exception cref="InvalidOperationException">The optimiser evaluates the loss again, and <see cref="Reevaluate"/>
    /// was not called in this step.</exception>
    /// <exception cref="ComponentException">The optimiser's code failed.</exception>
    public void Step(double learningRate)
    {
        if (optimizer is IReevaluatingOptimizer && !evaluatedAgain)
        {
            throw new InvalidOperationException($"{optimizer.GetType().Name} evaluates the loss more than once a step, but this training "
                + "step does not offer it: call OptimizerRun.Reevaluate after the backward pass, or choose another optimizer.");
        }

        evaluatedAgain = false;
        Steps++;
        using var none = no_grad();
        for (int i = 0; i < parameters.Length; i++)
        {
            using var gradient = parameters[i].grad;
            if (gradient is null)
            {
                continue;
            }

            using var scope = NewDisposeScope();
            try
            {
                optimizer.Update(new(parameters[i], gradient, state[i])
                {
                    LearningRate = learningRate,
                    Decay = decay[i],
                    Steps = Steps,
                });
            }
            catch (Exception e) when (e is not (ComponentException or OperationCanceledException))
            {
                throw new ComponentException(
                    optimizer, nameof(optimizer.Update), e, $"weight [{string.Join(", ", parameters[i].shape)}], step {Steps}");
            }
        }
    }

    private static string KindOf(Optimizer optimizer) => optimizer is WrappingOptimizer wrapping
        ? $"{wrapping.GetType().FullName}({KindOf(wrapping.Base)})"
        : optimizer.GetType().FullName!;

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        foreach (var tensor in State)
        {
            tensor.Dispose();
        }
    }
}
