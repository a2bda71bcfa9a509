using MlNetDl.Configuration;

namespace MlNetDl.Compression;

/// <summary>What of a layer is pruned.</summary>
public enum SensitivityKind
{
    /// <summary>Channels, with those of all layers that go with them.</summary>
    Channels,

    /// <summary>Single weights of a kernel or matrix.</summary>
    Weights,
}

/// <summary>What a model can do while a part of one layer is pruned.</summary>
/// <param name="Name">The path of the layer, for channels that of the first layer of their cell; for weights the weight's full
/// name.</param>
/// <param name="Kind">What of it is pruned.</param>
/// <param name="Count">How many channels or weights it has.</param>
/// <param name="Points">The figures, by rising share.</param>
public sealed record SensitiveLayer(string Name, SensitivityKind Kind, long Count, IReadOnlyList<SensitivityPoint> Points)
{
    /// <summary>The paths of all layers that lose something, in order of execution.</summary>
    public ValueList<string> Layers { get; init; } = [];

    /// <summary>The values of the weight; <see langword="null"/> for channels.</summary>
    public WeightHistogram? Histogram { get; init; }
}

/// <summary>The figures of a model with a share of one layer pruned, and everything else as it is.</summary>
/// <param name="Amount">The share that was asked for.</param>
/// <param name="Gone">How many channels or weights that is; fewer where one must stay.</param>
/// <param name="Figures">The figures, such as <c>loss</c> and <c>accuracy</c>.</param>
public sealed record SensitivityPoint(double Amount, long Gone, IReadOnlyDictionary<string, double> Figures)
{
    /// <summary>The channels of the first layer that go, from 0, ascending; empty for weights.</summary>
    public ValueList<int> Channels { get; init; } = [];
}

/// <summary>How the values of a weight are distributed.</summary>
/// <param name="From">The least value.</param>
/// <param name="To">The greatest value.</param>
/// <param name="Counts">How many values lie in each of the bins, which divide the range evenly.</param>
/// <param name="Zeros">How many values are exactly 0.</param>
public sealed record WeightHistogram(float From, float To, ValueList<long> Counts, long Zeros)
{
    private const int Bins = 40;

    /// <summary>Counts values, which are finite, in 40 bins.</summary>
    public static WeightHistogram Of(ReadOnlySpan<float> values)
    {
        var (from, to, zeros) = (float.PositiveInfinity, float.NegativeInfinity, 0L);
        foreach (float value in values)
        {
            (from, to) = (Math.Min(from, value), Math.Max(to, value));
            zeros += value == 0 ? 1 : 0;
        }

        if (values.IsEmpty)
        {
            (from, to) = (0, 0);
        }

        var counts = new long[Bins];
        foreach (float value in values)
        {
            counts[to > from ? Math.Min(Bins - 1, (int)((value - from) / (to - from) * Bins)) : 0]++;
        }

        return new(from, to, [.. counts], zeros);
    }
}
