using System.Runtime.CompilerServices;

namespace MlNetDl.Training.Optimizers;

/// <summary>One element: what remains where a weight's length is not a multiple of a register's.</summary>
internal readonly struct SingleElement(float value) : IElements<SingleElement>
{
    /// <summary>The element.</summary>
    public float Value { get; } = value;

    /// <inheritdoc/>
    public static SingleElement operator +(SingleElement left, SingleElement right) => new(left.Value + right.Value);

    /// <inheritdoc/>
    public static SingleElement operator -(SingleElement left, SingleElement right) => new(left.Value - right.Value);

    /// <inheritdoc/>
    public static SingleElement operator *(SingleElement left, SingleElement right) => new(left.Value * right.Value);

    /// <inheritdoc/>
    public static SingleElement operator /(SingleElement left, SingleElement right) => new(left.Value / right.Value);

    /// <inheritdoc/>
    public static SingleElement operator +(SingleElement values, float number) => new(values.Value + number);

    /// <inheritdoc/>
    public static SingleElement operator *(float factor, SingleElement values) => new(factor * values.Value);

    /// <inheritdoc/>
    public static SingleElement AddScaled(SingleElement values, float factor, SingleElement others) =>
        new(values.Value + (factor * others.Value));

    /// <inheritdoc/>
    public static SingleElement Sqrt(SingleElement values) => new(MathF.Sqrt(values.Value));

    /// <inheritdoc/>
    public static SingleElement Sign(SingleElement values) => new(values.Value > 0 ? 1 : values.Value < 0 ? -1 : 0);

    /// <inheritdoc/>
    public static SingleElement Abs(SingleElement values) => new(MathF.Abs(values.Value));

    /// <inheritdoc/>
    public static SingleElement Max(SingleElement left, SingleElement right) => new(MathF.Max(left.Value, right.Value));

    /// <inheritdoc/>
    public static SingleElement Min(SingleElement left, SingleElement right) => new(MathF.Min(left.Value, right.Value));

    static SingleElement IElements<SingleElement>.Load(Slots<SingleElement> slots, int slot) => new(slots.Memory(slot));

    static void IElements<SingleElement>.Store(Slots<SingleElement> slots, int slot, SingleElement values) =>
        slots.Memory(slot) = values.Value;
}
