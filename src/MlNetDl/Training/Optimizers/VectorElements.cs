using System.Numerics;
using System.Runtime.CompilerServices;

namespace MlNetDl.Training.Optimizers;

/// <summary>As many elements as a register of the processor holds.</summary>
internal readonly struct VectorElements(Vector<float> values) : IElements<VectorElements>
{
    private readonly Vector<float> values = values;

    /// <summary>The elements.</summary>
    public Vector<float> Values
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => values;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorElements operator +(VectorElements left, VectorElements right) => new(left.values + right.values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorElements operator -(VectorElements left, VectorElements right) => new(left.values - right.values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorElements operator *(VectorElements left, VectorElements right) => new(left.values * right.values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorElements operator /(VectorElements left, VectorElements right) => new(left.values / right.values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorElements operator +(VectorElements values, float number) => new(values.values + new Vector<float>(number));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorElements operator *(float factor, VectorElements values) => new(factor * values.values);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorElements AddScaled(VectorElements values, float factor, VectorElements others) =>
        new(values.values + (factor * others.values));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorElements Sqrt(VectorElements values) => new(Vector.SquareRoot(values.values));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorElements Sign(VectorElements values)
    {
        var one = Vector<float>.One;
        var below = Vector.LessThan(values.values, Vector<float>.Zero);
        var above = Vector.GreaterThan(values.values, Vector<float>.Zero);
        return new(Vector.ConditionalSelect(above, one, Vector.ConditionalSelect(below, -one, Vector<float>.Zero)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorElements Abs(VectorElements values) => new(Vector.Abs(values.values));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorElements Max(VectorElements left, VectorElements right) => new(Vector.Max(left.values, right.values));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorElements Min(VectorElements left, VectorElements right) => new(Vector.Min(left.values, right.values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static VectorElements IElements<VectorElements>.Load(Slots<VectorElements> slots, int slot) =>
        new(Vector.LoadUnsafe(ref slots.Memory(slot)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void IElements<VectorElements>.Store(Slots<VectorElements> slots, int slot, VectorElements values) =>
        values.values.StoreUnsafe(ref slots.Memory(slot));
}
