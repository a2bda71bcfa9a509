using System.Globalization;
using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Statistics;

namespace MlNetDl.Sweeps.Pruners;

/// <summary>What pruners save and what they miss, on recorded learning curves and on recorded repeats:
/// `pruners`. Prints Markdown.</summary>
internal static class PrunerSweep
{
    private const int Runs = 20;

    // Curves: steps are epochs, a trial is worth its last value. Thresholds depend on the problem: half the digits
    // after five epochs.
    private static readonly (string Name, TrialPruner Pruner)[] ForCurves =
    [
        ("none", new NoPruner()),
        ("median", new MedianPruner()),
        ("percentile 25", new PercentilePruner { Percent = 25 }),
        ("patience 3, median", new PatiencePruner { Patience = 3 }),
        ("successiveHalving r 1, η 3", new SuccessiveHalvingPruner { MinResource = 1, ReductionFactor = 3 }),
        ("successiveHalving r 3, η 3", new SuccessiveHalvingPruner { MinResource = 3, ReductionFactor = 3 }),
        ("hyperband 1 to 27, η 3", new HyperbandPruner { MaxResource = 27 }),
        ("threshold 0.5 from epoch 5", new ThresholdPruner { Lower = 0.5, WarmUpSteps = 5 }),
    ];

    // Repeats: steps are seeds, a trial is worth their mean.
    private static readonly (string Name, TrialPruner Pruner)[] ForRepeats =
    [
        ("none", new NoPruner()),
        ("wilcoxon", new WilcoxonPruner()),
        ("median", new MedianPruner()),
        ("successiveHalving r 1, η 3", new SuccessiveHalvingPruner { MinResource = 1, ReductionFactor = 3 }),
    ];

    public static void Run(string[] args)
    {
        var options = new SweepOptions("pruners", args);
        ResultFile.Write(options, new()
        {
            ["curves"] = Table(
                "Learning curves: 60 of 100 configurations, 27 epochs",
                RecordedCurves.Read("optdigits-mlp.csv.gz"),
                60,
                ForCurves,
                lastCounts: true),
            ["repeats"] = Table(
                "Repeats: 30 of 40 configurations, 12 seeds",
                RecordedCurves.Read("optdigits-mlp-seeds.csv.gz"),
                30,
                ForRepeats,
                lastCounts: false),
        });
    }

    private static JsonObject Table(
        string title, RecordedCurves curves, int trials, (string Name, TrialPruner Pruner)[] pruners, bool lastCounts)
    {
        var orders = Enumerable.Range(1, Runs).Select(seed => curves.Draw(trials, seed)).ToList();
        var runs = pruners.Select(p => orders.Select(o => PrunedRun.Of(p.Pruner, o, lastCounts)).ToList()).ToList();
        double[] whole = [.. runs[0].Select(r => r.Best)];

        // What the same budget buys without pruning: the best of as many whole trials, between the whole
        // numbers in proportion.
        double Buys(double[][] order, double budget)
        {
            int whole = Math.Max(1, (int)budget);
            double share = Math.Max(0, budget - whole), least = PrunedRun.Of(new NoPruner(), order[..whole], lastCounts).Best;
            return share == 0
                ? least
                : ((1 - share) * least) + (share * PrunedRun.Of(new NoPruner(), order[..(whole + 1)], lastCounts).Best);
        }

        var rows = pruners.Select((p, i) => new PrunerRow(
            p.Name,
            RecordJson.ToNode(p.Pruner),
            [.. runs[i].Select(r => 100.0 * r.Spent / (trials * curves.Length))],
            [.. runs[i].Select((r, s) => 100 * (whole[s] - r.Best))],
            [.. runs[i].Select((r, s) => 100 * (r.Best - Buys(orders[s], (double)r.Spent / curves.Length)))])).ToList();
        var pruned = rows[1..];
        var missed = Holm.Adjust([.. pruned.Select(r => WilcoxonSignedRank.Test(r.Regret).PValue)]);
        var gained = Holm.Adjust([.. pruned.Select(r => WilcoxonSignedRank.Test(r.Gain).PValue)]);

        Console.WriteLine($"## {title}\n");
        Console.WriteLine("| pruner | budget spent, % | regret, points | p | gain at the same budget, points | p |\n"
            + "|---|---|---|---|---|---|");
        foreach (var (i, row) in rows.Index())
        {
            string end = i == 0
                ? "| – | – | – | – |"
                : $"| {MeanInterval.Of(row.Regret)} | {P(missed[i - 1])} | "
                    + $"{MeanInterval.Of(row.Gain)} | {P(gained[i - 1])} |";
            Console.WriteLine($"| {row.Name} | {MeanInterval.Of(row.Spent)} {end}");
        }

        Console.WriteLine();
        return new()
        {
            ["configurations"] = curves.Values.Length,
            ["trials"] = trials,
            ["steps"] = curves.Length,
            ["runs"] = Runs,
            ["bestWithoutPruning"] = Interval([.. whole.Select(v => 100 * v)]),
            ["pruners"] = new JsonArray([.. rows.Select((r, i) => (JsonNode)new JsonObject
            {
                ["name"] = r.Name,
                ["settings"] = r.Settings,
                ["spentPercent"] = Interval(r.Spent),
                ["regretPoints"] = Interval(r.Regret),
                ["regretPHolm"] = i == 0 ? null : Math.Round(missed[i - 1], 5),
                ["gainAtSameBudgetPoints"] = Interval(r.Gain),
                ["gainPHolm"] = i == 0 ? null : Math.Round(gained[i - 1], 5),
            })]),
        };
    }

    private static JsonObject Interval(double[] values)
    {
        var interval = MeanInterval.Of(values);
        return new()
        {
            ["mean"] = Math.Round(interval.Mean, 3),
            ["lower95"] = Math.Round(interval.Lower, 3),
            ["upper95"] = Math.Round(interval.Upper, 3),
        };
    }

    private static string P(double value) => value < 0.001 ? "< 0.001" : string.Create(CultureInfo.InvariantCulture, $"{value:G2}");

    private sealed record PrunerRow(string Name, JsonNode Settings, double[] Spent, double[] Regret, double[] Gain);
}
