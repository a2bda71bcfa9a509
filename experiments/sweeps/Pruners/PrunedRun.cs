using MlNetDl.Search;
using MlNetDl.Search.Pruners;
using MlNetDl.Metrics;

namespace MlNetDl.Sweeps.Pruners;

/// <summary>A search that tries recorded configurations in order.</summary>
/// <param name="Best">The value of the best complete trial, to be maximised; a run that completes none
/// is worth nothing.</param>
/// <param name="Spent">How many values were asked for.</param>
internal readonly record struct PrunedRun(double Best, int Spent)
{
    /// <param name="pruner">Stops trials.</param>
    /// <param name="order">Their values, one trial after the other. Training that diverged fails the trial.</param>
    /// <param name="lastCounts">Whether a trial is worth its last value (epochs), else the mean (seeds).</param>
    public static PrunedRun Of(TrialPruner pruner, double[][] order, bool lastCounts)
    {
        int spent = 0;
        using var study = Study.InMemory("pruners", Goal.Maximize, pruner: pruner);
        double Value(int trial, int step)
        {
            spent++;
            return order[trial][step];
        }

        double Curve(Trial trial)
        {
            double value = 0;
            for (int step = 0; step < order[trial.Number].Length && !double.IsNaN(value); step++)
            {
                value = Value(trial.Number, step);
                if (step + 1 < order[trial.Number].Length)
                {
                    trial.ReportAndMaybePrune(step + 1, value);
                }
                else
                {
                    // All is spent: no pruner is asked any more.
                    trial.Report(step + 1, value);
                }
            }

            return value;
        }

        study.Optimize(
            lastCounts
                ? Curve
                : Repeat.Over([.. Enumerable.Range(0, order[0].Length)], (trial, seed) => Value(trial.Number, seed)),
            trials: order.Length);
        return new(study.Best?.Value ?? 0, spent);
    }
}
