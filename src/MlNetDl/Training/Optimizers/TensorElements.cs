using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training.Optimizers;

/// <summary>All elements of a tensor, on whatever device it lives: torch's operators.</summary>
/// <remarks>Runs without gradients, in a dispose scope.</remarks>
internal readonly struct TensorElements(Tensor tensor, bool isNew = false) : IElements<TensorElements>
{
    /// <summary>The tensor.</summary>
    public Tensor Tensor { get; } = tensor;

    /// <summary>Whether an operator below made it, so that nobody else holds it.</summary>
    public bool IsNew { get; } = isNew;

    /// <inheritdoc/>
    public static TensorElements operator +(TensorElements left, TensorElements right) => New(left.Tensor.Add(right.Tensor));

    /// <inheritdoc/>
    public static TensorElements operator -(TensorElements left, TensorElements right) => New(left.Tensor - right.Tensor);

    /// <inheritdoc/>
    public static TensorElements operator *(TensorElements left, TensorElements right) => New(left.Tensor * right.Tensor);

    /// <inheritdoc/>
    public static TensorElements operator /(TensorElements left, TensorElements right) => New(left.Tensor / right.Tensor);

    /// <inheritdoc/>
    public static TensorElements operator +(TensorElements values, float number) => New(values.Tensor.Add(number));

    /// <inheritdoc/>
    public static TensorElements operator *(float factor, TensorElements values) => New(values.Tensor.Mul(factor));

    /// <inheritdoc/>
    public static TensorElements AddScaled(TensorElements values, float factor, TensorElements others) =>
        factor == 0 ? values : New(values.Tensor.Add(others.Tensor, factor));

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

    static TensorElements IElements<TensorElements>.Load(Slots<TensorElements> slots, int slot) => slots.Torch![slot];

    static void IElements<TensorElements>.Store(Slots<TensorElements> slots, int slot, TensorElements values) =>
        slots.Torch![slot] = values;

    private static TensorElements New(Tensor tensor) => new(tensor, isNew: true);
}
