using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MlNetDl.Training.Optimizers;

/// <summary>One step of one weight: what an optimiser moves, and what it knows for it.</summary>
public sealed class WeightUpdate
{
    private readonly Tensor[] state;

    internal WeightUpdate(Tensor weight, Tensor gradient, Tensor[] state) => (Weight, Gradient, this.state) = (weight, gradient, state);

    /// <summary>The weight, float32. Change it in place (<c>sub_</c>), or by <see cref="Each{TRule}"/>.</summary>
    public Tensor Weight { get; }

    /// <summary>Its gradient, of the same dimensions. Leave it as it is.</summary>
    public Tensor Gradient { get; }

    /// <summary>The state tensors beside the weight, <see cref="Optimizer.Slots"/> of them, of the weight's dimensions,
    /// 0 before the first step. Change them in place.</summary>
    public IReadOnlyList<Tensor> State => state;

    /// <summary>The step size α, the schedule's factor included.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The weight decay λ of this weight; 0 where it does not decay. The optimiser applies it.</summary>
    public required double Decay { get; init; }

    /// <summary>Steps taken, this one included: 1 in the first.</summary>
    public required long Steps { get; init; }

    /// <summary>The Euclidean norm of the weight. A device is waited for.</summary>
    public double WeightNorm() => Optimizers.GradientNorm.Of([Weight]);

    /// <summary>The Euclidean norm of its gradient. A device is waited for.</summary>
    public double GradientNorm() => Optimizers.GradientNorm.Of([Gradient]);

    /// <summary>Moves each element by a rule: in one pass over memory for contiguous tensors on the CPU, by
    /// torch's operators elsewhere.</summary>
    /// <param name="rule">The rule with the constants of this step.</param>
    public void Each<TRule>(TRule rule)
        where TRule : struct, IUpdateRule
    {
        if (state.Length > Slots<SingleElement>.Most)
        {
            throw new InvalidOperationException($"An optimizer with a rule for each element can have {Slots<SingleElement>.Most} state "
                + $"tensors, but this one has {state.Length} (Slots); move Weight by torch's operators instead.");
        }

        if (!TensorMemory.IsPlain(Gradient) || !TensorMemory.IsPlain(Weight) || !Array.TrueForAll(state, TensorMemory.IsPlain))
        {
            var torch = new TorchState(state);
            var move = rule.Move(new(Weight), new(Gradient), new Slots<TensorElements>(state, torch));
            torch.Keep();
            Weight.sub_(move.Tensor);
            return;
        }

        Pass(rule, TensorMemory.Floats(Weight), TensorMemory.Floats(Gradient));
        TensorMemory.RaiseVersion(Weight);
    }

    // Compiled in full at the first call: until the runtime has found it worth it, each operator of the
    // rule would be a call.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pass<TRule>(TRule rule, Span<float> weights, ReadOnlySpan<float> gradients)
        where TRule : struct, IUpdateRule
    {
        ref float weight = ref MemoryMarshal.GetReference(weights), gradient = ref MemoryMarshal.GetReference(gradients);
        int i = 0, width = Vector<float>.Count;
        var vectors = new Slots<VectorElements>(state);
        for (; i <= weights.Length - width; i += width)
        {
            var w = Vector.LoadUnsafe(ref Unsafe.Add(ref weight, i));
            var g = Vector.LoadUnsafe(ref Unsafe.Add(ref gradient, i));
            (w - rule.Move<VectorElements>(new(w), new(g), vectors.At(i)).Values).StoreUnsafe(ref Unsafe.Add(ref weight, i));
        }

        var rest = new Slots<SingleElement>(state);
        for (; i < weights.Length; i++)
        {
            weights[i] -= rule.Move<SingleElement>(new(weights[i]), new(gradients[i]), rest.At(i)).Value;
        }
    }
}
