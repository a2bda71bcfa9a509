using System.Text.Json.Nodes;
using MlNetDl.Search;
using MlNetDl.Metrics;

namespace MlNetDl.Sweeps.Functions;

/// <summary>The best of 100 trials on nine functions, over 40 seeds.</summary>
internal static class FunctionSweep
{
    public static void Run(string[] args)
    {
        var options = new SweepOptions("functions", args, "samplers", "seeds", "first-seed", "trials", "functions", "parallel");
        int seeds = options.Whole("seeds", 40), trials = options.Whole("trials", 100);
        var functions = Functions(options);
        var results = new JsonObject();
        Console.WriteLine($"| function | {string.Join(" | ", options.Samplers.Concat(Peers.Names))} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", options.Samplers.Count + Peers.Names.Count))}");
        foreach (var function in functions)
        {
            var ofFunction = new JsonObject();
            var cells = new List<string>();
            foreach (var sampler in options.Samplers)
            {
                var best = new double[seeds];
                Parallel.For(0, seeds, options.Parallel, i =>
                    best[i] = SweepOptions.Values(sampler, options.FirstSeed + i, trials, Goal.Minimize, function.Value).Min());
                var spread = Spread.Of(best);
                cells.Add(spread.ToString());
                ofFunction[sampler] = new JsonObject
                {
                    ["median"] = spread.Median,
                    ["lowerQuartile"] = spread.LowerQuartile,
                    ["upperQuartile"] = spread.UpperQuartile,
                    ["best"] = new JsonArray([.. best.Select(b => (JsonNode)b)]),
                };
            }

            results[function.Name] = ofFunction;
            cells.AddRange((Peers.Values.GetValueOrDefault(function.Name) ?? [null, null, null, null]).Select(p => p?.ToString() ?? "–"));
            Console.WriteLine($"| {function.Name} (least {Spread.Short(function.Minimum)}) | {string.Join(" | ", cells)} |");
        }

        ResultFile.Write(
            options,
            new()
            {
                ["trials"] = trials,
                ["seeds"] = seeds,
                ["firstSeed"] = options.FirstSeed,
                ["functions"] = results,
            });
    }

    private static List<TestFunction> Functions(SweepOptions options)
    {
        string[] names = options.Text("functions", string.Join(',', TestFunction.All.Select(f => f.Name)))
            .Split(',', StringSplitOptions.TrimEntries);
        return [.. names.Select(n => TestFunction.All.FirstOrDefault(f => f.Name == n) ?? throw new ArgumentException(
            $"there is no function '{n}'; there are {string.Join(", ", TestFunction.All.Select(f => f.Name))}."))];
    }
}
