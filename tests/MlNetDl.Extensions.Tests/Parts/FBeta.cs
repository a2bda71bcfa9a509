using MlNetDl.Configuration;
using MlNetDl.Metrics;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A figure of each class, averaged as the library's are: Fβ, (1 + β²)·right / (β²·of the class + predicted as
/// it) (van Rijsbergen 1979).</summary>
public sealed record FBeta : AveragedMetric
{
    /// <summary>How many times as much recall counts as precision, β, above 0.</summary>
    [Above(0)]
    public double Beta { get; init; } = 2;

    protected override string Noun => FormattableString.Invariant($"F{Beta}").Replace('.', '_');

    protected override double OfClass(double right, double truth, double predicted) =>
        Ratio((1 + (Beta * Beta)) * right, (Beta * Beta * truth) + predicted);
}
