using MlNetDl.Configuration;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Pruners;

/// <summary>What the median and the percentile pruner share: a trial's best value so far is compared with those of the complete trials at
/// the same step (Golovin et al. 2017, "Google Vizier: A service for black-box optimization", 3.2.2, with Optuna's options).</summary>
public abstract record SameStepPruner : TrialPruner
{
    /// <summary>No trial is pruned before this many are complete; 0 or more, 5 by default.</summary>
    [AtLeast(0)]
    public int StartUpTrials { get; init; } = 5;

    /// <summary>No trial is pruned before this step; 0 or more, 0 by default.</summary>
    [AtLeast(0)]
    public long WarmUpSteps { get; init; }

    /// <summary>Steps between two looks, counted from the warm-up; 1 or more, 1 by default.</summary>
    [AtLeast(1)]
    public long Interval { get; init; } = 1;

    /// <summary>How many complete trials must have a value at the step; 1 or more, 1 by default.</summary>
    [AtLeast(1)]
    public int MinTrials { get; init; } = 1;

    /// <summary>The share of trials to keep in percent, 0 to 100.</summary>
    private protected abstract double Kept { get; }

    /// <inheritdoc/>
    public override bool ShouldPrune(History history, TrialRecord trial)
    {
        var others = StepValues.Of(history);
        long step = trial.Reports[^1].Step;
        if (others.Complete == 0 || others.Complete < StartUpTrials || step < WarmUpSteps || !IsFirstInInterval(trial.Reports, WarmUpSteps, Interval))
        {
            return false;
        }

        bool maximize = history.Goals[0] == Goal.Maximize;
        double best = double.NaN;
        foreach (var report in trial.Reports)
        {
            if (double.IsNaN(best) || (maximize ? report.Value > best : report.Value < best))
            {
                best = report.Value;
            }
        }

        // A trial that knows only NaN is beyond hope.
        if (double.IsNaN(best))
        {
            return true;
        }

        var values = others.At(step);
        if (values.Count == 0 || values.Count < MinTrials)
        {
            return false;
        }

        double bound = StepValues.Percentile(values, maximize ? 100 - Kept : Kept);
        return maximize ? best < bound : best > bound;
    }
}
