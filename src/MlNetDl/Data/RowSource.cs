using MlNetDl.Layers.Contracts;

namespace MlNetDl.Data;

/// <summary>One row of a stream. Its memory may be used again for the next row.</summary>
/// <param name="Features">The input, row-major. Whole numbers, such as tokens, are floats too, which hold them exactly
/// up to 2²⁴.</param>
/// <param name="Targets">The numbers of all targets, one after the other in the order of <see
/// cref="RowSource.Targets"/>; a class is its index. Empty where there are no targets.</param>
/// <param name="Weight">The example's weight.</param>
public readonly record struct Row(ReadOnlyMemory<float> Features, ReadOnlyMemory<float> Targets, float Weight);

/// <summary>Rows that can be read again and again, in the same order, without holding them in memory.</summary>
public abstract class RowSource
{
    /// <summary>Shape of a batch of inputs, [N, …].</summary>
    public abstract Shape Shape { get; }

    /// <summary>The number of rows of one pass.</summary>
    public abstract long Count { get; }

    /// <summary>The targets of a row, by name; empty without supervision.</summary>
    public abstract IReadOnlyList<TargetPart> Targets { get; }

    /// <summary>Whether rows have weights.</summary>
    public abstract bool Weighted { get; }

    /// <summary>One pass over the rows.</summary>
    public abstract IEnumerable<Row> Read();
}
