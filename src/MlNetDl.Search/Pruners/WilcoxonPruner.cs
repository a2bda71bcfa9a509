using MlNetDl.Configuration;
using MlNetDl.Search.Statistics;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Pruners;

/// <summary>Stops a trial that is worse than the best one beyond chance, by the Wilcoxon signed-rank test over the
/// steps that both have. For objectives that are a mean over seeds, folds or inputs (see <see cref="Repeat"/>): steps
/// are pairs there, not progress.</summary>
/// <remarks>
/// <para>The test is repeated at every step, so that a good trial is stopped more often than
/// <see cref="MaxPValue"/> says, about twice as often. A trial whose mean so far is not worse than the best trial's
/// value goes on in any case.</para>
/// <para>No trial is stopped where NaN or infinity is among the reports of either one.</para>
/// <para>This is Optuna's pruner of that name, but p values are exact also with ties and zeros. A normal approximation
/// over two or three pairs would stop trials without reason.</para>
/// </remarks>
/// <example><code>
/// using var study = Study.InMemory("seeds", sampler: new RandomSampler { Seed = 1 }, pruner: new WilcoxonPruner { MaxPValue = 0.1 });
/// study.Optimize(
///     Repeat.Over([1, 2, 3, 4, 5, 6, 7, 8], (trial, seed) => Math.Abs(trial.Uniform("x", -1, 1)) + (0.01 * new Random(seed).NextDouble())),
///     trials: 30);
/// </code></example>
public sealed record WilcoxonPruner : TrialPruner
{
    /// <summary>A trial stops when p is below this; 0 to 1. 0.1 by default, as no harm is done but to
    /// miss a trial.</summary>
    [AtLeast(0), AtMost(1)]
    public double MaxPValue { get; init; } = 0.1;

    /// <summary>No trial is pruned before this many pairs; 0 or more, 2 by default. At 0.1 it takes
    /// four pairs anyway.</summary>
    [AtLeast(0)]
    public int StartUpSteps { get; init; } = 2;

    /// <inheritdoc/>
    public override bool ShouldPrune(History history, TrialRecord trial)
    {
        if (Bests.Of(history).Front.FirstOrDefault() is not { } best || !AreFinite(trial.Reports) || !AreFinite(best.Reports))
        {
            return false;
        }

        var pairs = ReportPairs.Of(trial.Reports, best.Reports);
        if (pairs.Count == 0 || pairs.Count < StartUpSteps)
        {
            return false;
        }

        var goal = history.Goals[0];
        return goal.IsBetter(best.Value, trial.Reports.Average(r => r.Value))
            && WilcoxonSignedRank.Test(
                [.. pairs.Select(p => goal.Loss(p.A - p.B))],
                Alternative.Greater,
                ZeroDifferences.Rank).PValue < MaxPValue;
    }

    private static bool AreFinite(IReadOnlyList<Report> reports)
    {
        foreach (var report in reports)
        {
            if (!double.IsFinite(report.Value))
            {
                return false;
            }
        }

        return true;
    }
}
