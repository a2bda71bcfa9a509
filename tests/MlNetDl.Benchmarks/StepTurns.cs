using System.Diagnostics;
using System.Globalization;
using MlNetDl.Data;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Benchmarks;

/// <summary>Training steps of contestants in turns: milliseconds a step, and the median of the rounds' ratios.</summary>
internal static class StepTurns
{
    /// <summary>Seconds of a turn.</summary>
    public const double Seconds = 1.5;

    /// <summary>Lets them take turns, after one round to warm up, and prints what came of it.</summary>
    /// <param name="title">What is measured.</param>
    /// <param name="rounds">How often all take their turn.</param>
    /// <param name="contestants">Each gives the milliseconds of a step in its turn.</param>
    public static void Run(string title, int rounds, IReadOnlyList<(string Name, Func<double> Turn)> contestants)
    {
        var times = contestants.Select(_ => new double[rounds]).ToArray();
        for (int round = -1; round < rounds; round++)
        {
            for (int turn = 0; turn < contestants.Count; turn++)
            {
                int i = (turn + Math.Max(round, 0)) % contestants.Count;
                double time = contestants[i].Turn();
                if (round >= 0)
                {
                    times[i][round] = time;
                }
            }
        }

        Console.WriteLine($"{title}, {rounds} rounds; ms a step, and the median of the rounds' ratios to each other contestant");
        for (int i = 0; i < times.Length; i++)
        {
            var ratios = times.Select(other => Median([.. times[i].Zip(other, (mine, its) => mine / its)])
                .ToString("F3", CultureInfo.InvariantCulture));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {contestants[i].Name,-20} min {times[i].Min(),8:F2}  median {Median(times[i]),8:F2}  ratios "
                    + $"{string.Join("  ", ratios)}"));
        }
    }

    /// <summary>The median time of a step over a turn, in milliseconds.</summary>
    public static double Median(Action step)
    {
        var (turn, times) = (Stopwatch.StartNew(), new List<double>());
        while (turn.Elapsed.TotalSeconds < Seconds)
        {
            long start = Stopwatch.GetTimestamp();
            step();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return Median([.. times]);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values = [.. values]);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}

/// <summary>Steps of this library, which draws its batches from a resident set as it does in training.</summary>
internal sealed class StepLoop(TrainingStep step, Examples examples, int batchSize) : IDisposable, IBatchSource
{
    private readonly TensorBatches batches = new(examples, batchSize, shuffleSeed: 1);
    private IEnumerator<Batch>? rows;
    private int epoch;

    public Batch Next()
    {
        while (rows is null || !rows.MoveNext())
        {
            rows?.Dispose();
            rows = batches.Epoch(epoch++).GetEnumerator();
        }

        return rows.Current;
    }

    public void Step()
    {
        using var scope = NewDisposeScope();
        step.Run(this, new(0, 0, 1, 1));
    }

    public void Dispose()
    {
        rows?.Dispose();
        batches.Dispose();
        step.Dispose();
    }
}
