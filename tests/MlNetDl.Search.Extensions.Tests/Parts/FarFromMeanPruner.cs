using MlNetDl.Configuration;
using MlNetDl.Search.Pruners;

namespace MlNetDl.Search.Extensions.Tests.Parts;

/// <summary>Stops a trial whose best value so far is worse than the mean of the complete trials at the same step by
/// some standard deviations.</summary>
public sealed record FarFromMeanPruner : SameStepPruner
{
    /// <summary>By how many standard deviations; 0 or more, 1 by default.</summary>
    [AtLeast(0)]
    public double Deviations { get; init; } = 1;

    /// <inheritdoc/>
    protected override bool IsTooBad(double best, IReadOnlyList<double> others)
    {
        double mean = others.Average();
        return best > mean + (Deviations * Math.Sqrt(others.Average(o => (o - mean) * (o - mean))));
    }
}
