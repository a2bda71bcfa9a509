using System.Diagnostics;
using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;
using MlNetDl.Metrics;

namespace MlNetDl.Benchmarks;

/// <summary>What a study in SQLite costs beside its objective: <c>study [--samplers random,tpe] [--trials 1000]
/// [--reopen 2000] [--long 100000] [--file PATH]</c>; 0 leaves a part out. With a file the long study is kept there
/// and goes on.</summary>
/// <remarks>Times by the wall, and the processor's in brackets: they are close where nothing else runs, and on a busy
/// machine the latter say more.</remarks>
internal static class StudyBenchmark
{
    public static int Run(string[] args)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"mlnetdl-study-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        try
        {
            foreach (var sampler in (args.Text("samplers") ?? "random,tpe").Split(','))
            {
                Trials(folder, sampler, args.Number("trials", 1_000));
            }

            Reopen(folder, args.Number("reopen", 2_000));
            Long(args.Text("file") ?? Path.Combine(folder, "long.db"), args.Number("long", 100_000));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Trials(string folder, string sampler, int trials)
    {
        if (trials > 0 && SearchCatalogs.Samplers.Entries.All(e => e.Name != sampler))
        {
            Console.WriteLine($"{sampler}: there is no such sampler.");
        }
        else if (trials > 0)
        {
            var times = Times(folder, sampler, trials);
            int tenth = trials / 10;
            Print($"SQLite, {sampler}, 5 parameters, 1 report: {Mean(times)} ms a trial over {trials:N0};");
            Print($"median of the first tenth {Median(times[..tenth]):F2}, of the last {Median(times[^tenth..]):F2}");
        }
    }

    private static void Reopen(string folder, int trials)
    {
        if (trials == 0)
        {
            return;
        }

        string path = Path.Combine(folder, "reopen.db");
        using (var study = Study.Open(path, "study"))
        {
            study.Optimize(trial => Objective(trial, steps: 10), trials: trials);
        }

        var times = Enumerable.Range(0, 11).Select(_ => Milliseconds(() => Study.Open(path, "study").Dispose())).ToArray();
        Print($"reopening {trials:N0} trials of 10 steps: median {Median(times):F0} ms, mean {Mean(times)} ms of {times.Length}");
    }

    private static void Long(string path, int trials)
    {
        var space = SearchSpace.Of([.. Enumerable.Range(0, 5).Select(p => ($"x{p}", (Distribution)new Uniform(-5, 5)))]);
        using var study = Study.Open(path, "study", Goal.Minimize, new RandomSampler(), space: space);
        (double Wall, double Processor)[]? early = null;
        var last = new (double Wall, double Processor)[1_000];
        for (int n = study.Trials.Count; n < trials; n++)
        {
            last[n % last.Length] = Milliseconds(() => study.Optimize(trial => Objective(trial, steps: 1), trials: n + 1));
            if (n + 1 == 2_000)
            {
                early = [.. last];
            }

            if (n + 1 == 2_000 || (n + 1) % 10_000 == 0)
            {
                Print($"{n + 1:N0} trials in one study, random, 5 declared parameters, 1 report:");
                Print($"median of the last 1,000 {Median(last):F2} ms a trial, mean {Mean(last)} ms");
            }
        }

        if (early is not null && trials > 3_000)
        {
            double processor = last.Average(t => t.Processor) / early.Average(t => t.Processor);
            Print($"ratio of the last 1,000 to trials 1,001 to 2,000: medians {Median(last) / Median(early):F2},");
            Print($"processor times {processor:F2}");
        }
    }

    private static (double Wall, double Processor)[] Times(string folder, string sampler, int trials)
    {
        using var study = Study.Open(
            Path.Combine(folder, $"{sampler}-{trials}.db"),
            "study",
            Goal.Minimize,
            RecordJson.Deserialize<Sampler>($"\"{sampler}\""));
        study.Optimize(trial => Objective(trial, steps: 1), trials: 20);
        var times = new (double Wall, double Processor)[trials];
        for (int i = 0; i < trials; i++)
        {
            times[i] = Milliseconds(() => study.Optimize(trial => Objective(trial, steps: 1), trials: 21 + i));
        }

        return times;
    }

    private static double Objective(Trial trial, int steps)
    {
        double sum = 0;
        for (int p = 0; p < 5; p++)
        {
            sum += Math.Pow(trial.Uniform($"x{p}", -5, 5), 2);
        }

        for (int step = 0; step < steps; step++)
        {
            trial.Report(step, sum);
        }

        return sum;
    }

    private static (double Wall, double Processor) Milliseconds(Action work)
    {
        var processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        work();
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
    }

    private static double Median((double Wall, double Processor)[] times) => times.Select(t => t.Wall).Order().ElementAt(times.Length / 2);

    private static string Mean((double Wall, double Processor)[] times) =>
        string.Create(CultureInfo.InvariantCulture, $"{times.Average(t => t.Wall):F2} ({times.Average(t => t.Processor):F2})");

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
