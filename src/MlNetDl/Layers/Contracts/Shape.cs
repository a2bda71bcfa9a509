using System.Globalization;

namespace MlNetDl.Layers.Contracts;

/// <summary>The type and dimensions of a tensor that flows through a network; the first dimension
/// is the batch.</summary>
/// <param name="Type">The type of the elements.</param>
/// <param name="Dims">The dimensions, batch first, such as <c>[N, C, H, W]</c>; each known or symbolic.</param>
public sealed record Shape(ElementType Type, ValueList<Dim> Dims)
{
    /// <summary>A batch of images, <c>[N, C, H, W]</c>.</summary>
    public static Shape Image(int channels, int height, int width) => new(ElementType.Float32, [Dim.Batch, channels, height, width]);

    /// <summary>A batch of feature vectors, <c>[N, C]</c>.</summary>
    public static Shape Vector(int size) => new(ElementType.Float32, [Dim.Batch, size]);

    /// <summary>A batch of token sequences, <c>[N, T]</c>, of symbolic length <paramref name="length"/>.</summary>
    public static Shape Tokens(string length = "T") => new(ElementType.Int64, [Dim.Batch, length]);

    /// <summary>How many dimensions there are, the batch included.</summary>
    public int Rank => Dims.Count;

    /// <summary>The dimension at <paramref name="index"/>; <c>^1</c> is the last.</summary>
    public Dim this[Index index] => Dims[index.GetOffset(Rank)];

    /// <summary>The name of the rows: rows that go a way of their own, such as those that a gate lets through, have another name than those of the
    /// batch. <see langword="null"/> where the first dimension is no such name.</summary>
    internal string? Rows => Rank > 0 ? this[0].Symbol : null;

    /// <summary>The known size of dimension <paramref name="index"/>.</summary>
    /// <exception cref="ShapeException">The dimension is symbolic.</exception>
    public int Size(int index)
    {
        if (Dims[index].Size is not { } size)
        {
            throw new ShapeException($"dimension {index} of {this} must be known, but it is symbolic; give the "
                + "network's input a fixed size there.");
        }

        return checked((int)size);
    }

    /// <summary>Elements of one example: the product of all dimensions but the first.</summary>
    /// <exception cref="ShapeException">A dimension is symbolic.</exception>
    public long ElementsPerExample()
    {
        long product = 1;
        for (int i = 1; i < Rank; i++)
        {
            product = checked(product * Size(i));
        }

        return product;
    }

    /// <summary>The dimensions of a batch of so many rows.</summary>
    /// <exception cref="ShapeException">A dimension is symbolic.</exception>
    internal long[] DimsOf(long rows) => [rows, .. Enumerable.Range(1, Rank - 1).Select(i => (long)Size(i))];

    /// <summary>This shape with dimension <paramref name="index"/> replaced.</summary>
    public Shape With(int index, Dim dim) => this with { Dims = Dims.Select((d, i) => i == index ? dim : d).ToValueList() };

    /// <summary>Whether a tensor of <paramref name="sizes"/> fits: same rank, and same size wherever
    /// it is known.</summary>
    public bool Fits(ReadOnlySpan<long> sizes)
    {
        if (sizes.Length != Rank)
        {
            return false;
        }

        for (int i = 0; i < Rank; i++)
        {
            if (Dims[i].Size is { } known && known != sizes[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads what <see cref="ToString"/> writes: <c>[N, 3, 32, 32]</c>, or with a type,
    /// <c>int64[N, T]</c>.</summary>
    /// <exception cref="FormatException">The text is not a shape.</exception>
    public static Shape Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int open = text.IndexOf('[', StringComparison.Ordinal);
        var type = ElementType.Float32;
        if (open < 0 || !text.EndsWith(']') || (open > 0 && !Enum.TryParse(text[..open], ignoreCase: true, out type)))
        {
            throw new FormatException($"'{text}' is not a shape: expected for example [N, 3, 32, 32] or int64[N, T].");
        }

        var parts = text[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(
            type,
            parts
                .Select(p => long.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out long size)
                    ? Dim.Of(size)
                    : Dim.Of(p))
                .ToValueList());
    }

    /// <inheritdoc/>
    public override string ToString() => (Type == ElementType.Float32 ? "" : Type.ToString().ToLowerInvariant()) + Dims;
}
