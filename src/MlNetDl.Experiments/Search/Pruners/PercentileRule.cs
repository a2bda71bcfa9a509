namespace MlNetDl.Experiments.Search.Pruners;

/// <summary>The rule that median and percentile pruners share (Golovin et al. 2017, "Google Vizier", with Optuna's options).</summary>
internal static class PercentileRule
{
    /// <summary>Whether the best value so far is worse than a percentile of the complete trials at the same step.</summary>
    /// <param name="history">The study so far.</param>
    /// <param name="trial">The running trial.</param>
    /// <param name="percent">The share of trials to keep, above 0 to 100.</param>
    /// <param name="startUp">No trial is pruned before this many are complete.</param>
    /// <param name="warmUp">No trial is pruned before this step.</param>
    /// <param name="interval">Steps between two looks, counted from the warm-up.</param>
    /// <param name="minTrials">How many values at the step a comparison takes.</param>
    public static bool ShouldPrune(History history, TrialRecord trial, double percent, int startUp, long warmUp, long interval, int minTrials)
    {
        var others = StepValues.Of(history);
        long step = trial.Reports[^1].Step;
        if (others.Complete == 0 || others.Complete < startUp || step < warmUp || !IsFirstInInterval(trial.Reports, warmUp, interval))
        {
            return false;
        }

        bool maximize = history.Directions[0] == Direction.Maximize;
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
        if (values.Count == 0 || values.Count < minTrials)
        {
            return false;
        }

        double bound = StepValues.Percentile(values, maximize ? 100 - percent : percent);
        return maximize ? best < bound : best > bound;
    }

    /// <summary>Whether the last look was before the interval in which the latest step lies.</summary>
    public static bool IsFirstInInterval(IReadOnlyList<Report> reports, long warmUp, long interval)
    {
        long begin = ((reports[^1].Step - warmUp) / interval * interval) + warmUp;
        return reports.Count < 2 || reports[^2].Step < begin;
    }
}
