using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MlNetDl.Search;
using MlNetDl.Search.Pruners;
using MlNetDl.Metrics;

namespace MlNetDl.Sweeps.Pruners;

/// <summary>What a pruner's answer costs as a study grows: `pruner-costs --trials 20000`, of 10 reports each. Medians
/// over rounds in which pruners take turns (<see cref="Rounds"/>).</summary>
internal static class PrunerCosts
{
    private const int Steps = 10;

    public static void Run(string[] args)
    {
        var options = new SweepOptions("pruner-costs", args, "trials", "rounds");
        int trials = options.Whole("trials", 20_000), part = Math.Max(1, trials / 20);
        Console.WriteLine($"| pruner | trials 0 to {part}, µs an answer | {trials - part} to {trials} |\n|---|---|---|");
        TrialPruner[] pruners =
        [
            new MedianPruner(),
            new PercentilePruner(),
            new PatiencePruner { Patience = 1 },
            new SuccessiveHalvingPruner { MinResource = 1 },
            new HyperbandPruner { MaxResource = Steps },
            new ThresholdPruner(),
            new WilcoxonPruner(),
        ];
        double[][] medians = Rounds.Medians(pruners.Length, options.Whole("rounds", 5), (i, _) =>
        {
            double[] costs = Costs(pruners[i], trials);
            return [costs.Take(part).Average(), costs.TakeLast(part).Average()];
        });
        var results = new JsonObject();
        foreach (var (pruner, costs) in pruners.Zip(medians))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {pruner.GetType().Name} | {costs[0]:F2} | {costs[1]:F2} |"));
            results[pruner.GetType().Name] = new JsonArray([.. costs.Select(c => (JsonNode)Math.Round(c, 3))]);
        }

        ResultFile.Write(
            options,
            new()
            {
                ["trials"] = trials,
                ["columns"] = new JsonArray("microsecondsAnswerFirstTwentieth", "microsecondsAnswerLastTwentieth"),
                ["pruners"] = results,
            });
    }

    // Microseconds an answer, for each trial. Every second trial is completed whatever the pruner says, so that there
    // is much to compare with.
    private static double[] Costs(TrialPruner pruner, int trials)
    {
        var random = new Random(1);
        var history = new History("costs", [Goal.Minimize]);
        var costs = new double[trials];
        for (int number = 0; number < trials; number++)
        {
            double end = random.NextDouble();
            var record = new TrialRecord { Number = number, State = TrialState.Running };
            long ticks = 0;
            bool prune = false;
            while (record.Reports.Count < Steps && !prune)
            {
                record = record with { Reports = [.. record.Reports, new(record.Reports.Count + 1, end + random.NextDouble())] };
                history.Add(record);
                long start = Stopwatch.GetTimestamp();
                prune = pruner.ShouldPrune(history, record) && number % 2 == 0;
                ticks += Stopwatch.GetTimestamp() - start;
            }

            costs[number] = ticks * 1e6 / Stopwatch.Frequency / record.Reports.Count;
            history.Add(record with { State = prune ? TrialState.Pruned : TrialState.Complete, Values = [record.Reports[^1].Value] });
        }

        return costs;
    }
}
