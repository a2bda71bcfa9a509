using MlNetDl.Search;
using MlNetDl.Search.Pruners;
using MlNetDl.Metrics;

namespace MlNetDl.Testing;

/// <summary>The contract of every trial pruner.</summary>
/// <example><code>
/// PrunerContract.Of(new MyPruner()).RunAll();
/// </code></example>
public static class PrunerContract
{
    private static readonly FactList<TrialPruner> List = new()
    {
        {
            "It gives the same answer twice",
            pruner => Everywhere(pruner, (history, trial, answer) => pruner.ShouldPrune(history, trial) == answer)
        },
        {
            "It gives the same answer when the study is reopened",
            pruner => Everywhere(pruner, (history, trial, answer) => pruner.ShouldPrune(PrunerReplay.Reopened(history), trial) == answer)
        },
        {
            "It gives the same answer as an equal pruner",
            pruner => Everywhere(pruner, (history, trial, answer) => Settings.Copy(pruner).ShouldPrune(history, trial) == answer)
        },
        { "It does not change the history", DoesNotChangeTheHistory },
        { "It takes NaN and infinite reports", pruner => Stops(pruner, PrunerReplay.Odd) },
        { "Settings far out of range are refused", pruner => Settings.MustBeRefused(pruner, wholeNumber: -1) },
    };

    private static readonly FactList<TrialPruner> ComparisonList = new()
    {
        { "It prunes nothing when there is nothing to compare with", PrunesNothingAlone },
        { "It prunes when maximising what it prunes when minimising the negative", Mirrors },
        { "It does not prune a trial that is best at every step", pruner => SparesTheBest(pruner, PrunerReplay.Plain) },
        { "It does not prune a trial that is best at every step among trials with NaN", pruner => SparesTheBest(pruner, PrunerReplay.Odd) },
    };

    /// <summary>The facts of a pruner.</summary>
    /// <param name="pruner">The pruner; with settings for short curves of twenty reports it has
    /// something to decide.</param>
    /// <param name="compares">Whether it judges a trial by the others, as most do, and not by bounds or by itself
    /// alone. More is known of it then.</param>
    public static IReadOnlyList<ContractFact> Of(TrialPruner pruner, bool compares = true)
    {
        ArgumentNullException.ThrowIfNull(pruner);
        string name = ComponentContract.NameOf(pruner);
        return [.. ComponentContract.Of(pruner), .. List.Of(name, pruner), .. compares ? ComparisonList.Of(name, pruner) : []];
    }

    private static void Everywhere(TrialPruner pruner, Func<History, TrialRecord, bool, bool> holds)
    {
        foreach (int parallel in (int[])[1, 3])
        {
            var replay = new PrunerReplay(pruner, Goal.Minimize);
            replay.Asked += (history, trial, answer) =>
            {
                if (!holds(history, trial, answer))
                {
                    throw new ContractException(
                        $"trial {trial.Number} at step {trial.Reports[^1].Step}, {parallel} at once: the first answer "
                            + $"was {answer}, the second {!answer}. Keep no state but what History.Cache rebuilds.");
                }
            };
            replay.Run(PrunerReplay.Plain, parallel);
        }
    }

    private static void DoesNotChangeTheHistory(TrialPruner pruner)
    {
        var replay = new PrunerReplay(pruner, Goal.Minimize);
        List<TrialRecord> before = [];
        replay.Asking += (history, trial) => before = Everything(history);
        replay.Asked += (history, trial, _) =>
        {
            if (!before.SequenceEqual(Everything(history), ReferenceEqualityComparer.Instance))
            {
                throw new ContractException($"trial {trial.Number} at step {trial.Reports[^1].Step}: the history is "
                    + "another after the question.");
            }
        };
        replay.Run(PrunerReplay.Plain, 3);
    }

    private static void PrunesNothingAlone(TrialPruner pruner)
    {
        foreach (var curve in PrunerReplay.Plain)
        {
            if (new PrunerReplay(pruner, Goal.Minimize).Run([curve], 1).Single() is var stop && stop < curve.Length)
            {
                throw new ContractException($"it stopped the only trial of a study after {stop} reports.");
            }
        }
    }

    private static void Mirrors(TrialPruner pruner)
    {
        foreach (var curves in (double[][][])[PrunerReplay.Plain, PrunerReplay.Odd])
        {
            var minimized = Stops(pruner, curves);
            var maximized = new PrunerReplay(pruner, Goal.Maximize).Run([.. curves.Select(c => c.Select(v => -v).ToArray())], 3);
            if (!minimized.SequenceEqual(maximized))
            {
                throw new ContractException(
                    $"it stops after these steps when minimising: {string.Join(' ', minimized)}; when maximising the "
                        + $"negative: {string.Join(' ', maximized)}.");
            }
        }
    }

    private static void SparesTheBest(TrialPruner pruner, double[][] curves)
    {
        // At each step as good as the best of all, NaN apart; the best may come first, late, or last.
        double[] best = [.. Enumerable.Range(0, curves[0].Length).Select(s => curves.Select(c => c[s]).Where(double.IsFinite).Min())];
        foreach (int place in (int[])[0, curves.Length / 2, curves.Length])
        {
            double[][] all = [.. curves[..place], best, .. curves[place..]];
            if (new PrunerReplay(pruner, Goal.Minimize).Run(all, 1)[place] is var stop && stop < best.Length)
            {
                throw new ContractException($"it stopped trial {place} after {stop} reports though no other was better at any step.");
            }
        }
    }

    private static IReadOnlyList<int> Stops(TrialPruner pruner, double[][] curves) =>
        new PrunerReplay(pruner, Goal.Minimize).Run(curves, 3);

    private static List<TrialRecord> Everything(History history) => [.. history.Trials, .. history.Finished, .. history.Running];
}
