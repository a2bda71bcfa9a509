using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Data;

/// <summary>Batches of a set that is larger than memory: rows are read anew every epoch and pass through
/// a shuffle buffer.</summary>
/// <remarks>A row can come at most the buffer's length early, so data sorted by class needs a buffer as long as a
/// class, or sorting beforehand.</remarks>
/// <param name="source">The rows.</param>
/// <param name="batchSize">Examples a batch, 1 or more. If the source has fewer rows, one batch holds all of
/// them.</param>
/// <param name="bufferSize">Rows in the shuffle buffer; 1 or less keeps the order of the source. The buffer is never
/// longer than the source.</param>
/// <param name="seed">Seed of the order.</param>
/// <param name="device">The device of the batches.</param>
/// <param name="augment">Changes a batch; for training only.</param>
public sealed class StreamingBatches(
    RowSource source, int batchSize, int bufferSize, int seed, Device? device = null, Func<Batch, Random, Batch>? augment = null) : IBatches
{
    // The buffer takes memory for existing rows only, whatever length was asked for.
    private readonly int batchRows = Least(batchSize, source.Count), bufferRows = Least(Math.Max(1, bufferSize), source.Count);
    private readonly int width = checked((int)source.Shape.ElementsPerExample());
    private readonly int targetWidth = Checked(source.Targets).Width();

    private Slots? spare;

    /// <inheritdoc/>
    public long ExampleCount => source.Count;

    /// <inheritdoc/>
    public int BatchCount => checked((int)((ExampleCount + batchRows - 1) / batchRows));

    /// <inheritdoc/>
    /// <remarks><see cref="Batch.Rows"/> are places in a pass over the source.</remarks>
    public IEnumerable<Batch> Epoch(int epoch, int skip = 0)
    {
        // The buffer is large, so epochs share it. A new one for each epoch would lie beside the old one until it is
        // collected.
        var buffer = Interlocked.Exchange(ref spare, null) ?? new Slots(bufferRows, width, targetWidth);
        try
        {
            foreach (var batch in Shuffled(buffer, epoch, skip))
            {
                yield return batch;
            }
        }
        finally
        {
            buffer.Clear();
            spare = buffer;
        }
    }

    private IEnumerable<Batch> Shuffled(Slots buffer, int epoch, int skip)
    {
        var random = SeededOrder.Generator(seed, epoch);
        var batch = new Slots(batchRows, width, targetWidth);
        int index = 0;
        long number = 0;
        foreach (var row in source.Read())
        {
            if (!buffer.Full)
            {
                buffer.Add(row, number++);
                continue;
            }

            int slot = random.Next(buffer.Count);
            batch.Add(buffer[slot], buffer.Numbers[slot]);
            buffer.Set(slot, row, number++);
            if (batch.Full)
            {
                if (index++ >= skip)
                {
                    yield return Make(batch, index - 1, epoch);
                }

                batch.Clear();
            }
        }

        var rest = Enumerable.Range(0, buffer.Count).ToArray();
        random.Shuffle(rest);
        for (int i = 0; i < rest.Length; i++)
        {
            batch.Add(buffer[rest[i]], buffer.Numbers[rest[i]]);
            if (batch.Full || i == rest.Length - 1)
            {
                if (index++ >= skip)
                {
                    yield return Make(batch, index - 1, epoch);
                }

                batch.Clear();
            }
        }
    }

    private Batch Make(Slots rows, int index, int epoch)
    {
        // Into torch's memory at once: an array for each batch of wide rows is garbage that outweighs the buffer.
        var input = empty(source.Shape.DimsOf(rows.Count), ScalarType.Float32);
        MemoryMarshal.AsBytes(rows.Features.AsSpan(0, rows.Count * width)).CopyTo(input.bytes);
        var weights = source.Weighted ? tensor(rows.Weights[..rows.Count]) : null;
        var target = device ?? CPU;
        var batch = new Batch([input.to(target).In(source.Shape.Type)])
        {
            Targets = source.Targets.Tensors(rows.Targets[..(rows.Count * targetWidth)], rows.Count, target),
            Weights = weights?.to(target),
            Rows = tensor(rows.Numbers[..rows.Count]).to(target),
        };
        return augment is null ? batch : augment(batch, SeededOrder.BatchGenerator(seed, epoch, index));
    }

    private static IReadOnlyList<TargetPart> Checked(IReadOnlyList<TargetPart> parts)
    {
        parts.Check("the row source");
        return parts;
    }

    private static int Least(int asked, long count) => (int)Math.Min(asked, Math.Max(1, count));

    /// <summary>Rows copied out of the stream.</summary>
    private sealed class Slots(int capacity, int width, int targetWidth)
    {
        public float[] Features { get; } = Room(capacity, width, $"of {width} values");

        public float[] Targets { get; } = Room(capacity, targetWidth, $"with targets of {targetWidth} numbers");

        public float[] Weights { get; } = new float[capacity];

        public long[] Numbers { get; } = new long[capacity];

        public int Count { get; private set; }

        public bool Full => Count == capacity;

        public Row this[int slot] => new(
            Features.AsMemory(slot * width, width), Targets.AsMemory(slot * targetWidth, targetWidth), Weights[slot]);

        public void Add(Row row, long number) => Set(Count++, row, number);

        public void Set(int slot, Row row, long number)
        {
            if (row.Features.Length != width || row.Targets.Length != targetWidth)
            {
                throw new InvalidOperationException(
                    $"Row {number + 1} of the stream has {row.Features.Length} features and {row.Targets.Length} "
                        + $"numbers of targets; its source says {width} and {targetWidth}.");
            }

            row.Features.Span.CopyTo(Features.AsSpan(slot * width));
            row.Targets.Span.CopyTo(Targets.AsSpan(slot * targetWidth));
            (Weights[slot], Numbers[slot]) = (row.Weight, number);
        }

        public void Clear() => Count = 0;

        private static float[] Room(int capacity, int width, string examples)
        {
            if ((long)capacity * width > Array.MaxLength)
            {
                throw new ArgumentException($"{capacity} examples {examples} each are more than one array holds; "
                    + "lower training.batchSize or training.shuffleBuffer.");
            }

            return new float[capacity * width];
        }
    }
}
