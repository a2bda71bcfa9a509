using MlNetDl.Layers.Contracts;

namespace MlNetDl.Data;

/// <summary>One row of a stream. Its memory may be used again for the next row.</summary>
/// <param name="Features">The input, row-major.</param>
/// <param name="Class">The class index; −1 where targets are values.</param>
/// <param name="Values">The target values; empty for classes.</param>
/// <param name="Weight">The example's weight.</param>
public readonly record struct Row(ReadOnlyMemory<float> Features, long Class, ReadOnlyMemory<float> Values, float Weight);

/// <summary>Rows that can be read again and again, in the same order, without holding them in memory.</summary>
public abstract class RowSource
{
    /// <summary>Shape of a batch of inputs, [N, …].</summary>
    public abstract Shape Shape { get; }

    /// <summary>Rows of one pass.</summary>
    public abstract long Count { get; }

    /// <summary>Values per target; 0 when targets are classes.</summary>
    public abstract int TargetWidth { get; }

    /// <summary>Whether rows have targets; yes by default.</summary>
    public virtual bool Labelled => true;

    /// <summary>Whether rows have weights.</summary>
    public abstract bool Weighted { get; }

    /// <summary>One pass over the rows.</summary>
    public abstract IEnumerable<Row> Read();
}
