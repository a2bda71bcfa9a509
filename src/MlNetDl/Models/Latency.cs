using System.Diagnostics;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.Models;

/// <summary>How long a model takes to score in ONNX Runtime: one row, as a service would that answers one request at a time,
/// or a batch.</summary>
/// <param name="P50">The median of a call, in milliseconds.</param>
/// <param name="P95">The 95th percentile, in milliseconds.</param>
/// <param name="Runs">How many calls were measured.</param>
/// <param name="Threads">The threads of a call.</param>
public sealed record Latency(double P50, double P95, int Runs, int Threads)
{
    private const int LongestSequence = 128;
    private const int MostBatches = 8;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestMeasuring = TimeSpan.FromSeconds(2);

    /// <summary>Rows of a call; 1 unless a batch was measured.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Processor time of the process a call, in milliseconds: with several threads more than the time that
    /// passes.</summary>
    public double CpuMilliseconds { get; init; }

    /// <summary>Measures a model's main graph with rows of zeros, on the CPU.</summary>
    /// <param name="package">The model.</param>
    /// <param name="threads">Threads of a call; 1 by default, so that figures of several machines, and of busy ones, can be
    /// compared.</param>
    /// <param name="runs">Rows to score, 20 or more; 200 by default. A slow model is given up after 2 seconds, but not
    /// before 20 rows.</param>
    /// <remarks>Rows are scored for 50 milliseconds, at least 10, before the clock starts: the first calls of a session
    /// allocate its memory. Axes of free length have 128 entries.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">There are too few runs or threads.</exception>
    public static Latency Of(ModelPackage package, int threads = 1, int runs = 200) => Compare([package], threads: threads, runs: runs)[0];

    /// <summary>Measures several models in one interleaved run, as <see cref="Of"/> does: each is called once a round, so
    /// what else the machine does meets all of them alike. A call that is not counted goes before, because the processor's caches hold
    /// another model's weights, which a service that scores with one model never finds.</summary>
    /// <param name="packages">The models.</param>
    /// <param name="batch">Rows of a call, 1 or more.</param>
    /// <param name="threads">Threads of a call.</param>
    /// <param name="runs">Rounds, 20 or more. They end after 2 seconds a model, but not before 20 rounds.</param>
    /// <param name="rows">For each model rows of its first input, row-major, which are scored in turn: the time of a network in which
    /// rows leave early depends on them. An empty list means rows of zeros, and so does <see langword="null"/>, the default.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few rows, runs or threads.</exception>
    /// <exception cref="ArgumentException">There are not as many lists of rows as models.</exception>
    public static IReadOnlyList<Latency> Compare(
        IReadOnlyList<ModelPackage> packages, int batch = 1, int threads = 1, int runs = 200, IReadOnlyList<IReadOnlyList<float>>? rows = null)
    {
        ArgumentNullException.ThrowIfNull(packages);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 20);
        if (rows is not null && rows.Count != packages.Count)
        {
            throw new ArgumentException($"There are {rows.Count} lists of rows for {packages.Count} models; give one each.", nameof(rows));
        }

        var calls = new List<Call>();
        try
        {
            foreach (var (index, package) in packages.Index())
            {
                calls.Add(new(package, batch, threads, rows?[index] ?? []));
            }

            var clock = Stopwatch.StartNew();
            for (int round = 0; round < runs && (round < 20 || clock.Elapsed < LongestMeasuring * calls.Count); round++)
            {
                foreach (var call in calls)
                {
                    call.Measure(warm: calls.Count > 1);
                }
            }

            return [.. calls.Select(c => c.Result(batch, threads))];
        }
        finally
        {
            calls.ForEach(c => c.Dispose());
        }
    }

    /// <summary>One model that is called again and again.</summary>
    private sealed class Call : IDisposable
    {
        private readonly OnnxModel model;
        private readonly List<Dictionary<string, OnnxTensor>> batches;
        private readonly List<double> times = [];
        private TimeSpan cpu;

        public Call(ModelPackage package, int batch, int threads, IReadOnlyList<float> rows)
        {
            model = new(package.Graphs[package.Manifest.Main.Name], new() { Threads = threads });
            var inputs = package.Manifest.Main.Inputs;
            batches = [.. Batches(inputs[0].Shape, batch, rows).Select(first => inputs.ToDictionary(
                i => i.Name, i => i == inputs[0] ? first : Zeros(i.Shape, batch)))];
            var clock = Stopwatch.StartNew();
            for (int i = 0; i < 10 || clock.Elapsed < WarmUp; i++)
            {
                model.Run(batches[i % batches.Count]);
            }
        }

        public void Measure(bool warm)
        {
            var batchOfRows = batches[times.Count % batches.Count];
            if (warm)
            {
                model.Run(batchOfRows);
            }

            var before = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            model.Run(batchOfRows);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            cpu += Environment.CpuUsage.TotalTime - before;
        }

        public Latency Result(int batch, int threads)
        {
            times.Sort();
            var last = Math.Min(times.Count - 1, (int)Math.Ceiling(times.Count * 0.95) - 1);
            return new(times[times.Count / 2], times[last], times.Count, threads)
            {
                Batch = batch,
                CpuMilliseconds = cpu.TotalMilliseconds / times.Count,
            };
        }

        public void Dispose() => model.Dispose();

        // Several batches of the rows, which begin anew where they end.
        private static IEnumerable<OnnxTensor> Batches(Shape shape, int batch, IReadOnlyList<float> rows)
        {
            if (rows.Count == 0 || shape.Type != ElementType.Float32 || shape.Dims.Skip(1).Any(d => d.Size is null)
                || rows.Count % shape.ElementsPerExample() != 0)
            {
                return [Zeros(shape, batch)];
            }

            int width = (int)shape.ElementsPerExample();
            int count = rows.Count / width;
            return Enumerable.Range(0, Math.Clamp(count / batch, 1, batch == 1 ? count : MostBatches)).Select(number => new OnnxTensor(
                [.. shape.DimsOf(batch)],
                Enumerable.Range(0, batch * width).Select(i => rows[(int)(((long)number * batch * width) + i) % (count * width)]).ToArray()));
        }

        private static OnnxTensor Zeros(Shape shape, int batch)
        {
            long[] sizes = [.. shape.Dims.Select((d, i) => i == 0 ? batch : d.Size ?? LongestSequence)];
            long length = sizes.Aggregate(1L, (product, size) => checked(product * size));
            return new([.. sizes], shape.Type == ElementType.Int64 ? new long[length] : new float[length]);
        }
    }
}
