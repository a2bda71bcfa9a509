using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training.Optimizers;

/// <summary>An optimiser at work on some weights; holds its state (momentum, …) beside each.</summary>
/// <remarks>On the CPU each weight is updated in one pass over memory; torch's own operators take four to ten. Elsewhere torch's operators do the same sums.</remarks>
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

    /// <summary>Steps taken.</summary>
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

    /// <summary>Scales the gradients so that their norm over all weights together is at most <paramref name="maxNorm"/> (Pascanu et al. 2012, arXiv:1211.5063).</summary>
    /// <returns>The norm before.</returns>
    /// <remarks>The factor is maxNorm / (norm + 1e-6), as in PyTorch. Clipping each tensor for itself would change the direction.</remarks>
    public double ClipGradients(double maxNorm)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var gradients = parameters.Select(p => p.grad).OfType<Tensor>().ToList();
        double norm = Math.Sqrt(gradients.Sum(g => Math.Pow(g.norm().item<float>(), 2)));
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

    /// <summary>Moves the weights by one step.</summary>
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

            if (gradient.device_type == DeviceType.CPU && gradient.is_contiguous() && parameters[i].is_contiguous() && gradient.dtype == ScalarType.Float32)
            {
                Update(Floats(parameters[i]), Floats(gradient), [.. state[i].Select(s => new Memory(s))], learningRate, decay[i]);
            }
            else
            {
                using var scope = NewDisposeScope();
                Update(parameters[i], gradient, state[i], learningRate, decay[i]);
            }
        }
    }

    /// <summary>One pass over one weight on the CPU.</summary>
    private protected abstract void Update(Span<float> weight, ReadOnlySpan<float> gradient, ReadOnlySpan<Memory> state, double learningRate, double decay);

    /// <summary>The same with torch's operators.</summary>
    private protected abstract void Update(Tensor weight, Tensor gradient, Tensor[] state, double learningRate, double decay);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in State)
        {
            tensor.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>The elements of a state tensor.</summary>
    private protected readonly struct Memory(Tensor tensor)
    {
        public Span<float> Floats => OptimizerRun.Floats(tensor);
    }
}
