using MlNetDl.Configuration;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Pruners;

/// <summary>Asks another pruner only when a trial has not improved for some reports: spares slow learners
/// that still learn.</summary>
/// <remarks>With patience p a trial improves when the best of its last p + 1 reports is not worse than the best before
/// them by more than <see cref="MinDelta"/>. NaN reports are ignored. Where all reports on one side are NaN, the trial
/// goes on.</remarks>
/// <example><code>
/// using var study = Study.InMemory("patience", pruner: new PatiencePruner { Patience = 3, EarlyStopping = true });
/// study.Optimize(
///     trial =>
///     {
///         double x = trial.Uniform("x", -1, 1);
///         for (int epoch = 1; epoch &lt;= 10; epoch++)
///         {
///             trial.ReportAndMaybePrune(epoch, Math.Abs(x) + (x > 0 ? Math.Abs(epoch - 5) : 1.0 / epoch)); // x > 0 overfits
///         }
///
///         return Math.Abs(x);
///     },
///     trials: 30);
/// </code></example>
public sealed record PatiencePruner : TrialPruner
{
    /// <summary>Who decides once patience is over; the median by default.</summary>
    public TrialPruner Pruner { get; init; } = new MedianPruner();

    /// <summary>Whether the trial stops as soon as patience is over, without asking the wrapped pruner: early stopping
    /// within a trial. Off by default.</summary>
    public bool EarlyStopping { get; init; }

    /// <summary>How many reports a trial may go without improving; 0 or more. 5 by default: one bad
    /// epoch says little.</summary>
    [AtLeast(0)]
    public int Patience { get; init; } = 5;

    /// <summary>A worsening up to this still counts as improving, in units of the objective; 0 or more,
    /// 0 by default.</summary>
    [AtLeast(0)]
    public double MinDelta { get; init; }

    /// <inheritdoc/>
    public override bool ShouldPrune(History history, TrialRecord trial)
    {
        var reports = trial.Reports;
        int before = reports.Count - Patience - 1;
        if (before < 1)
        {
            return false;
        }

        var goal = history.Goals[0];
        return Best(reports, 0, before, goal) + MinDelta < Best(reports, before, reports.Count, goal)
            && (EarlyStopping || Pruner.ShouldPrune(history, trial));
    }

    // NaN when all are; a comparison with it is false.
    private static double Best(IReadOnlyList<Report> reports, int from, int to, Goal goal)
    {
        double best = double.NaN;
        for (int i = from; i < to; i++)
        {
            double loss = goal.Loss(reports[i].Value);
            best = loss < best || double.IsNaN(best) ? loss : best;
        }

        return best;
    }
}
