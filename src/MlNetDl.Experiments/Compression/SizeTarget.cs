using System.Globalization;
using MlNetDl.Compression;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>How small a model is to become: a bound on one of its figures.</summary>
/// <param name="Figure">The figure.</param>
/// <param name="AtMost">The greatest value that is allowed.</param>
internal sealed record SizeTarget(string Figure, double AtMost)
{
    // What else the machine does only adds to a time, so the least of some medians is nearest to the model's own.
    private const int Medians = 3;

    private static readonly Dictionary<string, (PruningMeasure Measure, Func<ModelPackage, double> Of)> Measures = new()
    {
        [RunFigures.Parameters] = (PruningMeasure.Parameters, p => ModelSize.Of(p).Parameters),
        [RunFigures.Macs] = (PruningMeasure.Macs, p => ModelSize.Of(p).Macs),
        [RunFigures.Bytes] = (PruningMeasure.Bytes, p => ModelSize.Of(p).OnnxBytes),
        [RunFigures.LatencyMs] = (PruningMeasure.Latency, p => Enumerable.Range(0, Medians).Min(_ => Latency.Of(p).P50)),
    };

    /// <summary>What the pruning searches by.</summary>
    public PruningMeasure Measure => Measures[Figure].Measure;

    /// <summary>What is wrong with a text; <see langword="null"/> where nothing is.</summary>
    public static string? Problem(string text)
    {
        if (FigureBound.Problem(text) is { } problem)
        {
            return problem;
        }

        var bound = FigureBound.Constraints([text]).Single();
        return !Measures.ContainsKey(bound.Name)
            ? $"is '{text}', but pruning reaches no value of {bound.Name}; take one of {string.Join(", ", Measures.Keys)}."
            : bound.AtMost is not > 0 ? $"is '{text}', but pruning makes figures smaller; write {bound.Name} <= and a number above 0." : null;
    }

    /// <summary>Reads a text without a problem.</summary>
    public static SizeTarget Of(string text)
    {
        var bound = FigureBound.Constraints([text]).Single();
        return new(bound.Name, bound.AtMost!.Value);
    }

    /// <summary>The figure of a model; times are measured on this machine.</summary>
    public double Of(ModelPackage package) => Measures[Figure].Of(package);

    /// <summary>A value of the figure, in words.</summary>
    public string Words(double value) => Figure == RunFigures.LatencyMs
        ? value.ToString("0.####", CultureInfo.InvariantCulture)
        : value.ToString("N0", CultureInfo.InvariantCulture);
}
