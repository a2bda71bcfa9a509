using MlNetDl.Configuration;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Pruners;

/// <summary>Stops a trial by comparing its best value so far with the values of the complete trials at the same step
/// (Golovin et al. 2017, "Google Vizier: A service for black-box optimization", 3.2.2, with Optuna's options). A pruner
/// of this kind only says when the trial is too bad.</summary>
/// <remarks>A trial that has reported nothing but NaN is stopped once the start-up is over. Other NaN
/// reports are ignored.</remarks>
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

    /// <inheritdoc/>
    public sealed override bool ShouldPrune(History history, TrialRecord trial)
    {
        var others = StepLosses.Of(history);
        long step = trial.Reports[^1].Step;
        if (others.Complete == 0
            || others.Complete < StartUpTrials
            || step < WarmUpSteps
            || !IsFirstInInterval(trial.Reports, WarmUpSteps, Interval))
        {
            return false;
        }

        double best = double.NaN;
        foreach (var report in trial.Reports)
        {
            double loss = history.Goals[0].Loss(report.Value);
            best = loss < best || double.IsNaN(best) ? loss : best;
        }

        // A trial that knows only NaN is beyond hope.
        if (double.IsNaN(best))
        {
            return true;
        }

        var losses = others.At(step);
        return losses.Count > 0 && losses.Count >= MinTrials && IsTooBad(best, losses);
    }

    /// <summary>Whether a trial is stopped. Values come as losses (<see cref="GoalDirection.Loss"/>): smaller is
    /// better, whichever way the study goes. Infinities may be among them, NaN is not.</summary>
    /// <param name="best">The trial's best loss so far.</param>
    /// <param name="others">The losses of complete trials at the same step, ascending; one or more.</param>
    protected abstract bool IsTooBad(double best, IReadOnlyList<double> others);
}
