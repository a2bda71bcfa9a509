using System.Collections.Concurrent;
using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Benchmarks;

/// <summary>What samplers find where trials fail and where parameters depend on a choice: <c>search [--samplers
/// gaussianProcess,tpe,random] [--rows "half,10 %"] [--seeds 11] [--trials 100] [--parallel 2]</c>.</summary>
/// <remarks>Prints the median over seeds of the best value above the least there is, and the share of failed trials
/// after the first ten. Failures at random follow from seed and trial alone.</remarks>
internal static class SearchBenchmark
{
    private const int StartUp = 10;

    private static readonly Row[] Rows =
    [
        new("none fails", 0, (t, _) => Sphere(Point(t), 0)),
        new("2 % at random", 0, (t, seed) => FailAtRandom(t, seed, 0.02)),
        new("10 % at random", 0, (t, seed) => FailAtRandom(t, seed, 0.1)),
        new("30 % at random", 0, (t, seed) => FailAtRandom(t, seed, 0.3)),
        new("60 % at random", 0, (t, seed) => FailAtRandom(t, seed, 0.6)),
        new("half, optimum at its edge", 0, (t, _) => FailWhere(Point(t), x => x[0] > 0, 0)),
        new("half, optimum inside", 0, (t, _) => FailWhere(Point(t), x => x[0] > 0, -2)),
        new("half, values fall into it", 4, (t, _) => FailWhere(Point(t), x => x[0] > 0, 2)),
        new("nine tenths by one parameter", 4.096 * 4.096, (t, _) => FailWhere(Point(t), x => x[0] > -4.096, 0)),
        new("nine tenths by all five", 0, (t, _) => FailWhere(Point(t), x => x.Any(v => v > -5.12 + (10.24 * Math.Pow(0.1, 0.2))), 0)),
        new("branches: bowl in 2-d + 0.5, bowl in 3-d", 0, (t, _) => Bowls(t)),
        new("branches: valley, bowl + 10, plain + 13", 0, (t, _) => Branches(t, 10)),
        new("branches: valley, bowl + 2, plain + 5", 0, (t, _) => Branches(t, 2)),
    ];

    public static int Run(string[] args)
    {
        string[] samplers = (args.Text("samplers") ?? "gaussianProcess,tpe,random").Split(',');
        string[] wanted = args.Text("rows")?.Split(',') ?? [""];
        int seeds = args.Number("seeds", 11), trials = args.Number("trials", 100);
        Console.WriteLine($"| best of {trials} trials, median of {seeds} seeds (failed after the first {StartUp}) | {string.Join(" | ", samplers)} |");
        Console.WriteLine($"|---|{string.Concat(samplers.Select(_ => "---|"))}");
        foreach (var row in Rows.Where(r => wanted.Any(w => r.Name.Contains(w, StringComparison.OrdinalIgnoreCase))))
        {
            var cells = samplers.Select(s => Cell(row, s, seeds, trials, args.Number("parallel", 2)));
            Console.WriteLine($"| {row.Name} | {string.Join(" | ", cells)} |");
        }

        return 0;
    }

    private static string Cell(Row row, string sampler, int seeds, int trials, int parallel)
    {
        var found = new ConcurrentBag<(double Best, double Failed)>();
        var processor = Environment.CpuUsage.TotalTime;
        Parallel.For(1, seeds + 1, new() { MaxDegreeOfParallelism = parallel }, seed =>
        {
            var own = RecordJson.Deserialize<Sampler>($"\"{sampler}\"") with { Seed = seed };
            using var study = Study.InMemory("study", sampler: own);
            study.Optimize(t => row.Objective(t, seed), trials: trials);
            found.Add((
                (study.Best?.Value ?? double.PositiveInfinity) - row.Least,
                study.Trials.Skip(StartUp).Average(t => t.State == TrialState.Failed ? 1 : 0)));
        });
        double best = Median(found.Select(f => f.Best)), failed = found.Average(f => f.Failed);
        double milliseconds = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / (seeds * trials);
        return string.Create(CultureInfo.InvariantCulture, $"{best:G2} ({failed:P0}; {milliseconds:F1} ms)");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double[] Point(Trial t) => [.. Enumerable.Range(0, 5).Select(i => t.Uniform($"x{i}", -5.12, 5.12))];

    private static double Sphere(double[] x, double first) => x.Select((v, i) => i == 0 ? v - first : v).Sum(v => v * v);

    private static double FailAtRandom(Trial t, int seed, double share)
    {
        double[] x = Point(t);
        return new TrialRandom(seed, t.Number, "fails").NextDouble() < share ? double.NaN : Sphere(x, 0);
    }

    private static double FailWhere(double[] x, Func<double[], bool> fails, double first) => fails(x) ? double.NaN : Sphere(x, first);

    private static double Bowls(Trial t) => t.Choice("kind", "flat", "deep") == "flat"
        ? 0.5 + Math.Pow(t.Uniform("a0", -5, 5) - 1, 2) + Math.Pow(t.Uniform("a1", -5, 5) + 2, 2)
        : Math.Pow(t.Uniform("b0", -5, 5) + 1, 2) + Math.Pow(t.Uniform("b1", -5, 5) - 2, 2)
            + Math.Pow(Math.Log10(t.LogUniform("rate", 1e-5, 1)) + 2, 2);

    // Those of experiments/sweeps: the minimum lies in a bent valley, and a low offset makes the other branches better
    // nearly everywhere.
    private static double Branches(Trial t, double offset)
    {
        double[] Own(string name) => [.. Enumerable.Range(0, 3).Select(i => t.Uniform($"{name}{i}", -2, 2))];
        return t.Choice("branch", "valley", "bowl", "plain") switch
        {
            "valley" => Own("valley") is var x
                ? ((100 * (Math.Pow(x[1] - (x[0] * x[0]), 2) + Math.Pow(x[2] - (x[1] * x[1]), 2)))
                    + Math.Pow(1 - x[0], 2) + Math.Pow(1 - x[1], 2)) / 10
                : 0,
            "bowl" => offset + Own("bowl").Sum(v => v * v),
            _ => offset + 3 + Math.Abs(Own("plain").Sum()),
        };
    }

    private sealed record Row(string Name, double Least, Func<Trial, int, double> Objective);
}
