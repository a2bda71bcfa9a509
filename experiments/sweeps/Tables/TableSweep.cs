using System.Diagnostics;
using System.Text.Json.Nodes;
using MlNetDl.Search.Statistics;
using MlNetDl.Search;
using MlNetDl.Metrics;

namespace MlNetDl.Sweeps.Tables;

/// <summary>The regret (the table's best accuracy less the best found) after 50 and 100 trials, over 20 seeds, and how
/// fast trials follow each other.</summary>
internal static class TableSweep
{
    private static readonly int[] Looks = [50, 100];

    public static void Run(string[] args)
    {
        var options = new SweepOptions("tables", args, "samplers", "seeds", "first-seed", "parallel");
        int seeds = options.Whole("seeds", 20);
        var tables = HpoTable.Names.Select(HpoTable.Load).ToList();
        var results = new JsonObject();
        Console.WriteLine("| table | trials | sampler | regret, per cent | p against random |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var table in tables)
        {
            var curves = options.Samplers.Append("random").Distinct().ToDictionary(s => s, s => Curves(options, table, s, seeds));
            var ofTable = new JsonObject();
            foreach (int look in Looks)
            {
                foreach (var sampler in options.Samplers)
                {
                    var regrets = Regrets(curves[sampler], look);
                    double p = WilcoxonSignedRank.Test(
                        [.. Regrets(curves["random"], look).Zip(regrets, (random, own) => random - own)],
                        Alternative.Greater).PValue;
                    var spread = Spread.Of(regrets);
                    Console.WriteLine($"| {table.Name} | {look} | {sampler} | {spread} | "
                        + $"{(sampler == "random" ? "–" : p.ToString("G2"))} |");
                    ofTable[$"{sampler} {look}"] = new JsonObject
                    {
                        ["median"] = spread.Median,
                        ["lowerQuartile"] = spread.LowerQuartile,
                        ["upperQuartile"] = spread.UpperQuartile,
                        ["pAgainstRandom"] = p,
                        ["regretPerCent"] = new JsonArray([.. regrets.Select(r => (JsonNode)Math.Round(r, 6))]),
                    };
                }
            }

            results[table.Name] = ofTable;
        }

        ResultFile.Write(
            options,
            new()
            {
                ["seeds"] = seeds,
                ["firstSeed"] = options.FirstSeed,
                ["tables"] = results,
                ["trialsPerSecond"] = Speeds(options, tables[0]),
            });
    }

    private static double[] Regrets(double[][] curves, int look) => [.. curves.Select(c => c[look - 1])];

    // By seed and trial, in per cent of accuracy.
    private static double[][] Curves(SweepOptions options, HpoTable table, string sampler, int seeds)
    {
        var curves = new double[seeds][];
        double best = table.Best;
        Parallel.For(0, seeds, options.Parallel, i =>
        {
            double found = 0;
            curves[i] = [.. SweepOptions.Values(sampler, options.FirstSeed + i, Looks.Max(), Goal.Maximize, table.Accuracy)
                .Select(v => 100 * (best - (found = Math.Max(found, v))))];
        });
        return curves;
    }

    // One study of 200 trials on one thread, after one to warm up: the machine's other work disturbs it, so the
    // best of five counts.
    private static JsonObject Speeds(SweepOptions options, HpoTable table)
    {
        const int trials = 200;
        var speeds = new JsonObject();
        Console.WriteLine();
        Console.WriteLine($"| sampler | trials a second over {trials} trials |");
        Console.WriteLine("|---|---|");
        foreach (var sampler in options.Samplers)
        {
            double most = 0;
            for (int run = 0; run < 6; run++)
            {
                var watch = Stopwatch.StartNew();
                SweepOptions.Values(sampler, run, trials, Goal.Maximize, table.Accuracy);
                most = Math.Max(most, run == 0 ? 0 : trials / watch.Elapsed.TotalSeconds);
            }

            speeds[sampler] = Math.Round(most);
            Console.WriteLine($"| {sampler} | {most:F0} |");
        }

        return speeds;
    }
}
