using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training.Optimizers;

/// <summary>The state tensors of a weight while a rule runs on torch's operators. What the rule writes takes their place
/// afterwards: until then it may read what was there before.</summary>
internal sealed class TorchState(Tensor[] tensors)
{
    private readonly TensorElements?[] written = new TensorElements?[tensors.Length];

    /// <summary>Content of a slot, as the rule sees it.</summary>
    public TensorElements this[int slot]
    {
        get => written[slot] ?? new(tensors[slot]);
        set => written[slot] = value;
    }

    /// <summary>Takes over what was written.</summary>
    /// <remarks>What an operator made takes the old state's place, which saves a pass over memory. Anything else is copied:
    /// it belongs to somebody (the gradient), to another slot, or lies in memory otherwise.</remarks>
    public void Keep()
    {
        for (int slot = 0; slot < written.Length; slot++)
        {
            if (written[slot] is not { } value)
            {
                continue;
            }

            var old = tensors[slot];
            if (!value.IsNew || IsElsewhere(value.Tensor) || !value.Tensor.stride().AsSpan().SequenceEqual(old.stride()))
            {
                old.copy_(value.Tensor);
                continue;
            }

            tensors[slot] = value.Tensor.DetachFromDisposeScope();
            old.Dispose();
        }
    }

    // Tensors compare by their elements, so the references are asked.
    private bool IsElsewhere(Tensor tensor) => Array.Exists(tensors, t => ReferenceEquals(t, tensor));
}
