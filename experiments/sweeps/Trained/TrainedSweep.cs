using System.Text.Json.Nodes;
using MlNetDl.Experiments;
using MlNetDl.Metrics;
using MlNetDl.Search.Statistics;

namespace MlNetDl.Sweeps.Trained;

/// <summary>A sweep of an experiment's file beside a control, the same file with other settings of its search, over seeds.
/// Both train, as <c>mldl run</c> does; what was trained already is read from its folder.</summary>
internal static class TrainedSweep
{
    private const string Search = "search", Control = "control";

    public static void Run(string[] args)
    {
        if (args.Length == 0 || args[0].StartsWith("--", StringComparison.Ordinal))
        {
            throw new ArgumentException("trained needs the file of a sweep first, such as experiments/sweeps/lenet5/lenet5.yaml.");
        }

        var options = new SweepOptions("trained", args[1..], "control", "seeds", "first-seed", "parallel", "folder", "mldl");
        int seeds = options.Whole("seeds", 10);
        if (seeds < 2)
        {
            throw new ArgumentException("trained compares over seeds; --seeds needs 2 or more.");
        }

        var experiment = Experiment.Load(args[0]);
        var mldl = options.Text("mldl", "mldl");
        var arms = new Dictionary<string, string[]>
        {
            [Search] = [],
            [Control] = options.Text("control", "search.sampler=random search.pruner=none")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries),
        };
        var folder = options.Text("folder", Path.Combine("runs", "sweeps", experiment.Name));
        var runs = Enumerable.Range(options.FirstSeed, seeds)
            .SelectMany(seed => arms.Select(arm => new TrainedRun(arm.Key, seed, Path.Combine(folder, $"{arm.Key}-{seed}"))))
            .ToList();
        Parallel.ForEach(runs, options.Parallel, run => run.Train(mldl, args[0], arms[run.Arm]));

        var (own, others) = (Of(Search), Of(Control));
        var result = new JsonObject
        {
            ["experiment"] = experiment.Name,
            ["control"] = string.Join(' ', arms[Control]),
            ["firstSeed"] = options.FirstSeed,
            ["seeds"] = seeds,
        };
        var goals = experiment.Search!.Objective;
        if (goals.Count == 1)
        {
            Race.Tell(own, others, goals[0], result);
            var metric = experiment.Task!.EvaluationMetrics[0];
            var (tested, testedOthers) = (Tested(own), Tested(others));
            Compare($"test.{metric.FigureName} of the best model", metric.Goal, tested, testedOthers, result);

            double[] Tested(IReadOnlyList<TrainedRun> of) => [.. of.Select(r => r.Tested(mldl, args[0])[metric.FigureName])];
        }
        else
        {
            Fronts.Tell(own, others, goals, result);
        }

        ResultFile.Write(options, result, Path.ChangeExtension(args[0], ".comparison.json"));

        List<TrainedRun> Of(string arm) => [.. runs.Where(r => r.Arm == arm)];
    }

    /// <summary>The comparison of two lists of values, by seed, in words and for the result.</summary>
    public static Comparison Compare(string figure, Goal goal, IReadOnlyList<double> own, IReadOnlyList<double> others, JsonObject result)
    {
        var comparison = Comparison.Of(Search, own, Control, others, goal);
        Console.WriteLine($"{figure}: {comparison}");
        result[figure] = new JsonObject
        {
            [Search] = Values(own),
            [Control] = Values(others),
            ["comparison"] = comparison.ToString(),
        };
        return comparison;
    }

    public static JsonArray Values(IEnumerable<double> values) => [.. values.Select(v => (JsonNode)Math.Round(v, 6))];
}
