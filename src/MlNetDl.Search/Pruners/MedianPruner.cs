namespace MlNetDl.Search.Pruners;

/// <summary>Stops a trial whose best value so far is worse than the median of the complete trials at the same step (Golovin et al. 2017,
/// "Google Vizier: A service for black-box optimization", 3.2.2).</summary>
/// <remarks>A trial that has reported nothing but NaN is stopped once the start-up is over; other NaN reports count for nothing.</remarks>
public sealed record MedianPruner : SameStepPruner
{
    private protected override double Kept => 50;
}
