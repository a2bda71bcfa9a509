using MlNetDl.Configuration;

namespace MlNetDl.Compression;

/// <summary>All that decides how a network is rounded to integers: what a graph is rewritten by, and what torch simulates.</summary>
internal sealed record QuantizationScheme
{
    /// <summary>The ranges of values by their keys (<see cref="ValueKeys"/>).</summary>
    public required IReadOnlyDictionary<string, ValueRange> Ranges { get; init; }

    /// <summary>Bits of a weight, 1 to 8; 7 where products of 8 bits would overflow.</summary>
    public int WeightBits { get; init; } = 8;

    /// <summary>Bits of a value between layers, 2 to 8.</summary>
    public int ValueBits { get; init; } = 8;

    /// <summary>Whether each output of a layer has a scale of its own.</summary>
    public bool PerChannel { get; init; } = true;

    /// <summary>Layers that stay in float.</summary>
    public ValueList<string> Keep { get; init; } = [];

    /// <summary>Scales that were learnt, by the weight's full name; others follow from the weight.</summary>
    public IReadOnlyDictionary<string, float[]> LearntScales { get; init; } = new Dictionary<string, float[]>();

    /// <summary>The scales of a weight.</summary>
    public float[] ScalesOf(string name, float[] data, IReadOnlyList<long> dims, int axis) =>
        LearntScales.GetValueOrDefault(name) ?? WeightGrid.Scales(data, dims, axis, WeightBits, PerChannel);
}
