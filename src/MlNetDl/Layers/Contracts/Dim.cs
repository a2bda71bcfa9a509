using System.Globalization;

namespace MlNetDl.Layers.Contracts;

/// <summary>One dimension of a <see cref="Shape"/>: a known size, or a symbol such as <c>N</c> (batch) or
/// <c>T</c> (sequence length).</summary>
public readonly record struct Dim
{
    private Dim(long? size, string? symbol) => (Size, Symbol) = (size, symbol);

    /// <summary>The size, 0 or more; <see langword="null"/> when the dimension is symbolic.</summary>
    public long? Size { get; }

    /// <summary>The symbol; <see langword="null"/> when the size is known. Two dimensions of one network with the same
    /// symbol have the same size at run time.</summary>
    public string? Symbol { get; }

    /// <summary>The batch dimension, <c>N</c>: always the first.</summary>
    public static Dim Batch { get; } = Of("N");

    /// <summary>A dimension of known <paramref name="size"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is negative.</exception>
    public static Dim Of(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return new(size, null);
    }

    /// <summary>A dimension known by name only.</summary>
    public static Dim Of(string symbol)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(symbol);
        return new(null, symbol);
    }

    /// <summary>A dimension of known size.</summary>
    public static implicit operator Dim(long size) => Of(size);

    /// <summary>A symbolic dimension.</summary>
    public static implicit operator Dim(string symbol) => Of(symbol);

    /// <inheritdoc/>
    public override string ToString() => Size is { } size ? size.ToString(CultureInfo.InvariantCulture) : Symbol ?? "?";
}
