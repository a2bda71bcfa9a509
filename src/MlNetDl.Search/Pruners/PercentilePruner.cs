using MlNetDl.Configuration;

namespace MlNetDl.Search.Pruners;

/// <summary>Stops a trial whose best value so far is not among the best share of the complete trials at the same step (Golovin et al. 2017,
/// "Google Vizier: A service for black-box optimization", 3.2.2, with any percentile in place of the median).</summary>
/// <remarks>A trial that has reported nothing but NaN is stopped once the start-up is over; other NaN reports count for nothing.</remarks>
public sealed record PercentilePruner : SameStepPruner
{
    /// <summary>The share of trials to keep in percent, 0 to 100. 25 by default: stricter than the median, which has a name of its own.</summary>
    [AtLeast(0), AtMost(100)]
    public double Percent { get; init; } = 25;

    private protected override double Kept => Percent;
}
