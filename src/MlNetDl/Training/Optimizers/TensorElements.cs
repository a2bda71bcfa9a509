using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training.Optimizers;

/// <summary>All elements of a tensor, on whatever device it lives: torch's operators.</summary>
/// <remarks>Runs without gradients, in a dispose scope.</remarks>
internal readonly struct TensorElements(Tensor tensor, bool isNew = false) : IElements<TensorElements>
{
    /// <summary>The tensor.</summary>
    public Tensor Tensor { get; } = tensor;

    // Whether an operator below made it, so that nobody else holds it.
    private bool IsNew { get; } = isNew;

    /// <inheritdoc/>
    public static TensorElements operator +(TensorElements left, TensorElements right) => New(left.Tensor + right.Tensor);

    /// <inheritdoc/>
    public static TensorElements operator -(TensorElements left, TensorElements right) => New(left.Tensor - right.Tensor);

    /// <inheritdoc/>
    public static TensorElements operator *(TensorElements left, TensorElements right) => New(left.Tensor * right.Tensor);

    /// <inheritdoc/>
    public static TensorElements operator /(TensorElements left, TensorElements right) => New(left.Tensor / right.Tensor);

    /// <inheritdoc/>
    public static TensorElements operator +(TensorElements values, float number) => New(values.Tensor + number);

    /// <inheritdoc/>
    public static TensorElements operator *(float factor, TensorElements values) => New(values.Tensor * factor);

    /// <inheritdoc/>
    public static TensorElements AddScaled(TensorElements values, float factor, TensorElements others) =>
        factor == 0 ? values : New(values.Tensor.add(others.Tensor, factor));

    /// <inheritdoc/>
    public static TensorElements Sqrt(TensorElements values) => New(values.Tensor.sqrt());

    /// <inheritdoc/>
    public static TensorElements Sign(TensorElements values) => New(values.Tensor.sign());

    /// <inheritdoc/>
    public static TensorElements Abs(TensorElements values) => New(values.Tensor.abs());

    /// <inheritdoc/>
    public static TensorElements Max(TensorElements left, TensorElements right) => New(left.Tensor.maximum(right.Tensor));

    /// <inheritdoc/>
    public static TensorElements Min(TensorElements left, TensorElements right) => New(left.Tensor.minimum(right.Tensor));

    static TensorElements IElements<TensorElements>.Load(Slots<TensorElements> slots, int slot) => new(slots.Tensors[slot]);

    // What an operator made takes the old state's place, which saves a pass over memory. Anything else is copied: it
    // belongs to somebody (the gradient), or is another slot's state already.
    static void IElements<TensorElements>.Store(Slots<TensorElements> slots, int slot, TensorElements values)
    {
        if (!values.IsNew || Array.IndexOf(slots.Tensors, values.Tensor) >= 0)
        {
            slots.Tensors[slot].copy_(values.Tensor);
            return;
        }

        slots.Tensors[slot].Dispose();
        slots.Tensors[slot] = values.Tensor.DetachFromDisposeScope();
    }

    private static TensorElements New(Tensor tensor) => new(tensor, isNew: true);
}
