namespace MlNetDl.Experiments.Search.Pruners;

/// <summary>Stops a trial whose best value so far is not among the best share of the complete trials at the same step (Golovin et al. 2017, "Google Vizier: A service for black-box optimization", 3.2.2, with any percentile in place of the median).</summary>
/// <remarks>A trial that has reported nothing but NaN is stopped once the start-up is over; other NaN reports count for nothing.</remarks>
public sealed record PercentilePruner : TrialPruner
{
    /// <summary>The share of trials to keep in percent, 0 to 100. 25 by default: stricter than the median, which has a name of its own.</summary>
    public double Percent { get; init; } = 25;

    /// <summary>No trial is pruned before this many are complete; 0 or more, 5 by default.</summary>
    public int StartUpTrials { get; init; } = 5;

    /// <summary>No trial is pruned before this step; 0 or more, 0 by default.</summary>
    public long WarmUpSteps { get; init; }

    /// <summary>Steps between two looks, counted from the warm-up; 1 or more, 1 by default.</summary>
    public long Interval { get; init; } = 1;

    /// <summary>How many complete trials must have a value at the step; 1 or more, 1 by default.</summary>
    public int MinTrials { get; init; } = 1;

    /// <inheritdoc/>
    public override bool ShouldPrune(History history, TrialRecord trial) => PercentileRule.ShouldPrune(history, trial, Percent, StartUpTrials, WarmUpSteps, Interval, MinTrials);

    /// <inheritdoc/>
    public override void Validate()
    {
        Refuse.Outside(Percent, 0, 100);
        ArgumentOutOfRangeException.ThrowIfNegative(StartUpTrials);
        ArgumentOutOfRangeException.ThrowIfNegative(WarmUpSteps);
        ArgumentOutOfRangeException.ThrowIfLessThan(Interval, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinTrials, 1);
    }
}
