using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Data;

/// <summary>Batches of a set. Of one in memory a batch is one gather, and images stay bytes until then. Images that are not in memory are decoded ahead, in
/// the same order.</summary>
public sealed class TensorBatches : IBatches, IDisposable
{
    private readonly Tensor? features;
    private readonly StoredImages? images;
    private readonly Shape shape;
    private readonly IReadOnlyList<(string Name, Tensor Values)> targets;
    private readonly Tensor? weights;
    private readonly Device device;
    private readonly int batchSize;
    private readonly int? shuffleSeed;
    private readonly Func<Batch, Random, Batch>? augment;

    /// <summary>Batches of <paramref name="examples"/>; its arrays are used in place and must not change.</summary>
    /// <param name="examples">The set.</param>
    /// <param name="batchSize">Examples a batch, 1 or more; the last batch of an epoch may be smaller.</param>
    /// <param name="shuffleSeed">Seed of the order; <see langword="null"/> keeps the set's order.</param>
    /// <param name="device">The device of the batches; the CPU by default.</param>
    /// <param name="augment">Changes a batch (inputs in the shape's type, on the device) with a generator that follows
    /// from seed, epoch and batch; for training only.</param>
    /// <exception cref="ArgumentException">The shape does not say how long an example is; features, targets and
    /// weights do not belong together; or a batch of images that are not in memory is larger than an array can be.</exception>
    public TensorBatches(
        Examples examples,
        int batchSize,
        int? shuffleSeed = null,
        Device? device = null,
        Func<Batch, Random, Batch>? augment = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        Check(examples);
        examples.Images?.CheckBatches(batchSize);
        (this.batchSize, this.shuffleSeed, this.augment, this.device) = (batchSize, shuffleSeed, augment, device ?? CPU);
        ExampleCount = examples.Count;
        (shape, images) = (examples.Shape, examples.Images);
        features = images is null ? Resident(examples.Features, shape.DimsOf(examples.Count), this.device) : null;
        targets = [.. examples.AllTargets.Select(t => (t.Name, Resident(t.Values, t.Part.Dims(examples.Count), this.device)))];
        weights = examples.Weights is { } w ? Resident(w, [examples.Count], this.device) : null;
    }

    /// <inheritdoc/>
    public long ExampleCount { get; }

    /// <inheritdoc/>
    public int BatchCount => (int)((ExampleCount + batchSize - 1) / batchSize);

    /// <inheritdoc/>
    /// <remarks><see cref="Batch.Rows"/> are places in the set.</remarks>
    public IEnumerable<Batch> Epoch(int epoch, int skip = 0)
    {
        var numbers = shuffleSeed is { } seed ? SeededOrder.Permutation((int)ExampleCount, seed, epoch) : null;
        using var order = numbers is null ? null : tensor(numbers, device: device).DetachFromDisposeScope();
        using var decoded = images?.Ahead(Enumerable.Range(skip, Math.Max(0, BatchCount - skip)).Select(i => RowsOf(i, numbers))).GetEnumerator();
        for (int i = skip; i < BatchCount; i++)
        {
            var (start, length) = Place(i);
            var rows = order?.narrow(0, start, length);
            var input = decoded?.MoveNext() == true ? Converted(decoded.Current, length) : Rows(features!, rows, start, length).In(shape.Type);
            var batch = new Batch([input])
            {
                Targets = targets.ToDictionary(t => t.Name, t => Rows(t.Values, rows, start, length)),
                Weights = weights is null ? null : Rows(weights, rows, start, length),
                Rows = rows ?? Scalars.Arange(start, start + length, ScalarType.Int64, device),
            };
            yield return augment is null ? batch : augment(batch, SeededOrder.BatchGenerator(shuffleSeed ?? 0, epoch, i));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        features?.Dispose();
        foreach (var (_, values) in targets)
        {
            values.Dispose();
        }

        weights?.Dispose();
    }

    // Pixels become numbers at once, because their array is used again for another batch.
    private Tensor Converted(byte[] pixels, long rows)
    {
        using var shared = Shared(pixels, shape.DimsOf(rows), device);
        return shared.In(shape.Type);
    }

    private (long Start, long Length) Place(int batch)
    {
        long start = (long)batch * batchSize;
        return (start, Math.Min(batchSize, ExampleCount - start));
    }

    private int[] RowsOf(int batch, long[]? numbers)
    {
        var (start, length) = Place(batch);
        return [.. Enumerable.Range((int)start, (int)length).Select(place => numbers is null ? place : (int)numbers[place])];
    }

    private static void Check(Examples examples)
    {
        long count = examples.Count;
        if (examples.Values != count * examples.Width)
        {
            throw new ArgumentException(
                $"{examples.Values} features are no whole number of examples {examples.Shape}, which have "
                    + $"{examples.Width} each.");
        }

        ExampleTargets.Check(examples);
        if (examples.Weights is { } weights && weights.Length != count)
        {
            throw new ArgumentException($"There are {weights.Length} weights for {count} examples; give one for each.");
        }
    }

    private static Tensor Rows(Tensor from, Tensor? rows, long start, long length) =>
        rows is null ? from.narrow(0, start, length) : from.index_select(0, rows);

    // On the CPU the tensor shares the memory of the managed array. This saves a copy of the whole set.
    private static Tensor Resident(Array data, long[] shape, Device device) => Shared(data, shape, device).DetachFromDisposeScope();

    private static Tensor Shared(Array data, long[] shape, Device device)
    {
        using var scope = NewDisposeScope();
        var flat = data switch
        {
            { Length: 0 } => empty(0),
            byte[] => frombuffer(data, ScalarType.Byte),
            float[] => frombuffer(data, ScalarType.Float32),
            long[] => frombuffer(data, ScalarType.Int64),
            _ => throw new ArgumentException($"Examples hold byte[], float[] or long[] but not {data.GetType().Name}."),
        };
        return flat.reshape(shape).to(device).MoveToOuterDisposeScope();
    }
}
