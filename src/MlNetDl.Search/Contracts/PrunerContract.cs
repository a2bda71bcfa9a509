using System.Globalization;
using System.Reflection;
using MlNetDl.Configuration;
using MlNetDl.Search.Pruners;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Contracts;

/// <summary>What every trial pruner keeps. A host runs the facts over its own pruners in any test framework.</summary>
/// <example><code>
/// foreach (var fact in PrunerContract.Facts.Concat(PrunerContract.ComparisonFacts)) { fact.Check(new MyPruner()); }
/// </code></example>
public static class PrunerContract
{
    /// <summary>Facts for every pruner.</summary>
    public static IReadOnlyList<ContractFact<TrialPruner>> Facts { get; } =
    [
        new("gives the same answer twice", pruner => Everywhere(pruner, (history, trial, answer) => pruner.ShouldPrune(history, trial) == answer)),
        new("gives the same answer when the study is reopened", pruner => Everywhere(pruner, (history, trial, answer) => pruner.ShouldPrune(PrunerReplay.Reopened(history), trial) == answer)),
        new("gives the same answer as an equal pruner", pruner => Everywhere(pruner, (history, trial, answer) => Copy(pruner).ShouldPrune(history, trial) == answer)),
        new("does not change the history", DoesNotChangeTheHistory),
        new("takes NaN and infinite reports", pruner => Stops(pruner, PrunerReplay.Odd)),
        new("validates itself", pruner => RecordCheck.Require(pruner, "pruner")),
        new("refuses settings that are NaN or counts below zero", RefusesSettings),
    ];

    /// <summary>Facts for pruners that judge a trial by the others, and so not by bounds or by itself alone.</summary>
    public static IReadOnlyList<ContractFact<TrialPruner>> ComparisonFacts { get; } =
    [
        new("prunes nothing when there is nothing to compare with", PrunesNothingAlone),
        new("prunes when maximising what it prunes when minimising the negative", Mirrors),
        new("does not prune a trial that is best at every step", pruner => SparesTheBest(pruner, PrunerReplay.Plain)),
        new("does not prune a trial that is best at every step among trials with NaN", pruner => SparesTheBest(pruner, PrunerReplay.Odd)),
    ];

    private static void Everywhere(TrialPruner pruner, Func<History, TrialRecord, bool, bool> holds)
    {
        foreach (int parallel in (int[])[1, 3])
        {
            var replay = new PrunerReplay(pruner, Goal.Minimize);
            replay.Asked += (history, trial, answer) =>
            {
                if (!holds(history, trial, answer))
                {
                    throw Broken(pruner, $"trial {trial.Number} at step {trial.Reports[^1].Step}, {parallel} at once: the first answer was {answer}, the second {!answer}. Keep no state but what History.Cache rebuilds.");
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
                throw Broken(pruner, $"trial {trial.Number} at step {trial.Reports[^1].Step}: the history is another after the question.");
            }
        };
        replay.Run(PrunerReplay.Plain, 3);
    }

    private static void RefusesSettings(TrialPruner pruner)
    {
        foreach (var property in pruner.GetType().GetProperties().Where(p => p.CanWrite))
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            object? odd = type == typeof(double) ? double.NaN : type == typeof(int) ? -1 : type == typeof(long) ? -1L : null;
            if (odd is null)
            {
                continue;
            }

            var copy = Copy(pruner);
            property.SetValue(copy, odd);
            try
            {
                RecordCheck.Require(copy, "pruner");
            }
            catch (ArgumentException)
            {
                continue;
            }

            throw Broken(pruner, string.Create(CultureInfo.InvariantCulture, $"Validate let {property.Name} = {odd} pass; refuse it with "
                + $"an ArgumentException."));
        }
    }

    private static void PrunesNothingAlone(TrialPruner pruner)
    {
        foreach (var curve in PrunerReplay.Plain)
        {
            if (new PrunerReplay(pruner, Goal.Minimize).Run([curve], 1).Single() is var stop && stop < curve.Length)
            {
                throw Broken(pruner, $"it stopped the only trial of a study after {stop} reports.");
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
                throw Broken(pruner, $"stops when minimising {string.Join(' ', minimized)}, when maximising the negative {string.Join(' ', maximized)}.");
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
                throw Broken(pruner, $"it stopped trial {place} after {stop} reports though no other was better at any step.");
            }
        }
    }

    private static IReadOnlyList<int> Stops(TrialPruner pruner, double[][] curves) => new PrunerReplay(pruner, Goal.Minimize).Run(curves, 3);

    private static List<TrialRecord> Everything(History history) => [.. history.Trials, .. history.Finished, .. history.Running];

    // What `with` calls.
    private static TrialPruner Copy(TrialPruner pruner) => (TrialPruner)pruner.GetType().GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance)!.Invoke(pruner, null)!;

    private static ContractException Broken(TrialPruner pruner, string how) => new($"{pruner.GetType().Name}: {how}");
}
