using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training.Optimizers;

/// <summary>An optimiser at work on some weights; holds its state (momentum, …) beside each.</summary>
/// <remarks>An own optimiser overrides <see cref="Update"/>. It may also give <see cref="TryUpdateInPlace"/>, one pass
/// over memory on the CPU, where torch's own operators take four to ten.</remarks>
public abstract class OptimizerRun : IDisposable
{
    private readonly Tensor[] parameters;
    private readonly Tensor[][] state;
    private readonly double[] decay;

    /// <summary>Starts with zeroed state.</summary>
    /// <param name="options">The optimiser's settings.</param>
    /// <param name="parameters">The weights, float32.</param>
    /// <param name="decays">For each, whether weight decay applies to it; <see langword="null"/> where those of more than one dimension do.</param>
    /// <param name="slots">State tensors beside each weight.</param>
    protected OptimizerRun(Optimizer options, IReadOnlyList<Tensor> parameters, IReadOnlyList<bool>? decays, int slots)
    {
        this.parameters = [.. parameters];
        using var none = no_grad();
        state = [.. parameters.Select(p => Enumerable.Range(0, slots).Select(_ => zeros_like(p).DetachFromDisposeScope()).ToArray())];
        decay = [.. parameters.Select((p, i) => options.DecayVectors || (decays?[i] ?? p.dim() > 1) ? options.WeightDecay : 0)];
    }

    /// <summary>Steps taken, that under way included: 1 during the first update.</summary>
    public long Steps { get; internal set; }

    /// <summary>The state tensors, in a fixed order, for checkpoints.</summary>
    internal IEnumerable<Tensor> State => state.SelectMany(s => s);

    /// <summary>Forgets the gradients. They are dropped, not zeroed: the next backward pass then writes instead of adding.</summary>
    public void ZeroGradients()
    {
        foreach (var parameter in parameters)
        {
            parameter.grad = null;
        }
    }

    /// <summary>Scales the gradients so that their norm over all weights together is at most <paramref name="maxNorm"/> (Pascanu et al.
    /// 2012, arXiv:1211.5063).</summary>
    /// <returns>The norm before.</returns>
    /// <remarks>
    /// The factor is maxNorm / (norm + 1e-6), as in PyTorch. Clipping each tensor for itself would change the direction.
    /// A norm that is not a number scales nothing; an infinite one makes 0 of what is finite and NaN of what is not, so
    /// that the next loss ends the training.
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
                gradient.mul_(factor);
            }
        }

        return norm;
    }

    /// <summary>Moves the weights by one step; a weight without gradient stays.</summary>
    /// <remarks>A graph made before the step cannot be run backward after it, as its weights have changed: torch
    /// refuses with an error.</remarks>
    /// <param name="learningRate">The step size, the schedule's factor included.</param>
    public void Step(double learningRate)
    {
        Steps++;
        using var none = no_grad();
        for (int i = 0; i < parameters.Length; i++)
        {
            using var gradient = parameters[i].grad;
            if (gradient is null)
            {
                continue;
            }

            if (IsPlain(gradient) && IsPlain(parameters[i])
                && TryUpdateInPlace(SlotSpans.Floats(parameters[i]), SlotSpans.Floats(gradient), new(state[i]), learningRate, decay[i]))
            {
                RaiseVersion(parameters[i]);
                continue;
            }

            using var scope = NewDisposeScope();
            Update(parameters[i], gradient, state[i], learningRate, decay[i]);
        }
    }

    /// <summary>Moves one weight with torch's operators, in place, on whatever device it lives.</summary>
    /// <remarks>It runs without gradients, in a dispose scope of its own. Constants of the rule are computed in double
    /// and handed to torch as they are.</remarks>
    /// <param name="weight">The weight, float32; change it in place (<c>sub_</c>).</param>
    /// <param name="gradient">Its gradient, of the same dimensions; must stay as it is.</param>
    /// <param name="state">The state tensors beside it, as many as the constructor was told; change them in place.</param>
    /// <param name="learningRate">The step size, the schedule's factor included.</param>
    /// <param name="decay">The weight decay λ of this weight; 0 where it does not decay.</param>
    protected abstract void Update(Tensor weight, Tensor gradient, IReadOnlyList<Tensor> state, double learningRate, double decay);

    /// <summary>The same in one pass over memory, for contiguous float32 weights on the CPU; optional.</summary>
    /// <remarks>Constants of the rule are computed in double and rounded once: 1 − β₂ in float32 is off by 1e-5 of its
    /// value at β₂ = 0.999, and by 1e-2 at 0.999999.</remarks>
    /// <returns>Whether it was done; <see langword="false"/>, the default, leaves it to <see cref="Update"/>, and then
    /// nothing may have been changed.</returns>
    protected virtual bool TryUpdateInPlace(Span<float> weight, ReadOnlySpan<float> gradient, SlotSpans state, double learningRate, double decay) => false;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in State)
        {
            tensor.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    private static bool IsPlain(Tensor tensor) => tensor.device_type == DeviceType.CPU && tensor.is_contiguous() && tensor.dtype == ScalarType.Float32;

    // Torch does not see what is written into its memory. A copy onto itself copies nothing but counts as a change, so
    // that torch refuses to run an older graph backward
    // instead of giving wrong gradients.
    private static void RaiseVersion(Tensor weight) => weight.copy_(weight);
}
