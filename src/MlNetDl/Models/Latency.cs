using System.Diagnostics;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.Models;

/// <summary>How long a model takes to score one row in ONNX Runtime, as a service would that answers one request at a
/// time.</summary>
/// <param name="P50">The median, in milliseconds.</param>
/// <param name="P95">The 95th percentile, in milliseconds.</param>
/// <param name="Runs">How many rows were scored.</param>
/// <param name="Threads">The threads of a call.</param>
public sealed record Latency(double P50, double P95, int Runs, int Threads)
{
    private const int LongestSequence = 128;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestMeasuring = TimeSpan.FromSeconds(2);

    /// <summary>Measures a model's main graph with rows of zeros, on the CPU.</summary>
    /// <param name="package">The model.</param>
    /// <param name="threads">Threads of a call; 1 by default, so that figures of several machines, and of busy ones, can be
    /// compared.</param>
    /// <param name="runs">Rows to score, 20 or more; 200 by default. A slow model is given up after 2 seconds, but not
    /// before 20 rows.</param>
    /// <remarks>Rows are scored for 50 milliseconds, at least 10, before the clock starts: the first calls of a session
    /// allocate its memory. Axes of free length have 128 entries.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">There are too few runs or threads.</exception>
    public static Latency Of(ModelPackage package, int threads = 1, int runs = 200)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 20);
        using var model = new OnnxModel(package.Graphs[package.Manifest.Main.Name], new() { Threads = threads });
        var row = package.Manifest.Main.Inputs.ToDictionary(i => i.Name, i => Zeros(i.Shape));
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < 10 || clock.Elapsed < WarmUp; i++)
        {
            model.Run(row);
        }

        var times = new List<double>(runs);
        clock.Restart();
        while (times.Count < runs && (times.Count < 20 || clock.Elapsed < LongestMeasuring))
        {
            long start = Stopwatch.GetTimestamp();
            model.Run(row);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return new(times[times.Count / 2], times[Math.Min(times.Count - 1, (int)Math.Ceiling(times.Count * 0.95) - 1)], times.Count, threads);
    }

    private static OnnxTensor Zeros(Shape shape)
    {
        long[] sizes = [.. shape.Dims.Select((d, i) => i == 0 ? 1 : d.Size ?? LongestSequence)];
        long length = sizes.Aggregate(1L, (product, size) => checked(product * size));
        return new([.. sizes], shape.Type == ElementType.Int64 ? new long[length] : new float[length]);
    }
}
