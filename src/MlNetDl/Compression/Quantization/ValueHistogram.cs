namespace MlNetDl.Compression;

/// <summary>What was seen of the values between two layers: their extremes, batch by batch, and how often they lay where.</summary>
public sealed class ValueHistogram
{
    /// <summary>How many bins there are.</summary>
    public const int BinCount = 2048;

    /// <summary>The extremes of each batch, in order.</summary>
    public IReadOnlyList<ValueRange> Batches { get; init; } = [];

    /// <summary>How many values lay in each of <see cref="BinCount"/> bins between the least and the greatest value. Values that are
    /// exactly 0 are not in it: behind a ReLU they are half of all, and are exact on every grid.</summary>
    public IReadOnlyList<long> Bins { get; init; } = new long[BinCount];

    /// <summary>How many values were exactly 0.</summary>
    public long Zeros { get; init; }

    /// <summary>The least and the greatest value of all batches.</summary>
    public ValueRange Extremes => Batches.Count == 0 ? default : new(Batches.Min(b => b.Least), Batches.Max(b => b.Greatest));

    /// <summary>The width of a bin.</summary>
    public double BinWidth => Extremes is var (least, greatest) ? ((double)greatest - least) / BinCount : 0;

    /// <summary>The value in the middle of a bin.</summary>
    public double Middle(int bin) => Extremes.Least + ((bin + 0.5) * BinWidth);
}
