using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Data;

/// <summary>What holds for batches of data in memory and of streams alike. Row i has features i, i + ½
/// and target 10·i.</summary>
[Collection("torch")]
public sealed class BatchesTests
{
    private const int Count = 23, BatchSize = 5;

    public static TheoryData<string> Kinds => ["memory", "stream"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_epoch_has_every_example_once_and_its_last_batch_may_be_smaller(string kind)
    {
        var batches = Shuffled(kind);
        Assert.Equal((Count, 5), (batches.ExampleCount, batches.BatchCount));
        var epoch = Read(batches, 0);
        Assert.Equal([5, 5, 5, 5, 3], epoch.Select(b => b.Length));
        Assert.Equal(Enumerable.Range(0, Count), epoch.SelectMany(b => b).Order());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Order_follows_from_seed_and_epoch(string kind)
    {
        var first = Read(Shuffled(kind), 0).SelectMany(b => b).ToArray();
        Assert.Equal(first, Read(Shuffled(kind), 0).SelectMany(b => b));
        Assert.NotEqual(first, Read(Shuffled(kind), 1).SelectMany(b => b));
        Assert.NotEqual(first, Read(Shuffled(kind, seed: 4), 0).SelectMany(b => b));
        Assert.NotEqual(Enumerable.Range(0, Count), first);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Skipping_continues_where_a_full_epoch_would_be_augmentation_included(string kind)
    {
        var whole = Augmented(Shuffled(kind, augment: true), skip: 0);
        for (int skip = 0; skip <= 5; skip++)
        {
            Assert.Equal(whole.Skip(skip).SelectMany(b => b), Augmented(Shuffled(kind, augment: true), skip).SelectMany(b => b));
        }

        Assert.NotEqual(whole[0][0] - MathF.Floor(whole[0][0]), whole[1][0] - MathF.Floor(whole[1][0]));
    }

    [Fact]
    public void A_stream_of_wide_rows_leaves_no_garbage_of_their_size()
    {
        const int Width = 30_000, Wide = 100;
        var batches = new StreamingBatches(new WideRows(Width, Wide), 10, 20, 1);
        Sum(batches);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(Wide * (long)Width, Sum(batches));
        // One array takes the rows of each batch in turn; arrays for all ten would be ten times as much.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2L * 10 * Width * sizeof(float));

        static long Sum(StreamingBatches batches)
        {
            double sum = 0;
            foreach (var batch in batches.Epoch(0))
            {
                using var scope = NewDisposeScope();
                sum += batch.Inputs[0].sum().item<float>();
            }

            return (long)sum;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Without_shuffling_the_order_is_the_datas(string kind)
    {
        IBatches batches = kind == "memory" ? new TensorBatches(Examples(), BatchSize) : new StreamingBatches(new Rows(), BatchSize, 1, 3);
        Assert.Equal(Enumerable.Range(0, Count), Read(batches, 0).SelectMany(b => b));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Weights_go_with_their_examples(string kind)
    {
        foreach (var batch in Shuffled(kind).Epoch(2))
        {
            Assert.Equal(batch.Inputs[0].select(1, 0).data<float>().Select(i => i / 2), batch.Weights!.data<float>());
        }
    }

    [Fact]
    public void Images_stay_bytes_until_their_batch_is_drawn()
    {
        var pixels = Enumerable.Range(0, 3 * 4).Select(i => (byte)(i * 20)).ToArray();
        using var scope = NewDisposeScope();
        using var batches = new TensorBatches(new(Shape.Image(1, 2, 2), pixels, new long[] { 0, 1, 2 }), 2);
        var batch = batches.Epoch(0).First();
        Assert.Equal([2, 1, 2, 2], batch.Inputs[0].shape);
        Assert.Equal(ScalarType.Float32, batch.Inputs[0].dtype);
        Assert.Equal([0f, 20, 40, 60, 80, 100, 120, 140], batch.Inputs[0].data<float>());
        Assert.Equal([0L, 1], batch.Target!.data<long>());
    }

    [Fact]
    public void A_row_comes_at_most_the_buffers_length_early()
    {
        var order = Read(new StreamingBatches(new Rows(), BatchSize, bufferSize: 4, seed: 3), 0).SelectMany(b => b).ToArray();
        Assert.All(order.Select((row, place) => row - place), early => Assert.True(early <= 4));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.1)]
    public void A_split_takes_its_share_of_every_class_by_the_seed(double fraction)
    {
        // 300 of class 0, 200 of class 1, 100 of class 2, sorted: what a split by position would get wrong.
        var targets = Enumerable.Repeat(0L, 300).Concat(Enumerable.Repeat(1L, 200)).Concat(Enumerable.Repeat(2L, 100)).ToArray();
        var examples = new Examples(Shape.Vector(1), Enumerable.Range(0, 600).Select(i => (float)i).ToArray(), targets)
        {
            Weights = [.. Enumerable.Range(0, 600).Select(i => i * 0.5f)],
        };
        var (training, validation) = examples.Split(fraction, seed: 5);
        Assert.Equal(
            [300 * fraction, 200 * fraction, 100 * fraction],
            ((long[])validation.Targets!).CountBy(t => t).Select(c => (double)c.Value));
        Assert.Equal(
            Enumerable.Range(0, 600).Select(i => (float)i),
            ((float[])training.Features).Concat((float[])validation.Features).Order());
        Assert.Equal(((float[])validation.Features).Select(f => f / 2), validation.Weights);
        Assert.Equal((float[])validation.Features, (float[])examples.Split(fraction, seed: 5).Validation.Features);
        Assert.NotEqual((float[])validation.Features, (float[])examples.Split(fraction, seed: 6).Validation.Features);
    }

    private static IBatches Shuffled(string kind, int seed = 3, bool augment = false)
    {
        Func<Batch, Random, Batch>? change = augment ? (b, random) => b with { Inputs = [b.Inputs[0] + (random.NextDouble() / 2)] } : null;
        return kind == "memory"
            ? new TensorBatches(Examples(), BatchSize, seed, augment: change)
            : new StreamingBatches(new Rows(), BatchSize, 8, seed, augment: change);
    }

    private static Examples Examples() => new(
        Shape.Vector(2),
        Enumerable.Range(0, Count).SelectMany(i => new[] { i, i + 0.5f }).ToArray(),
        Enumerable.Range(0, Count).Select(i => i * 10f).ToArray())
    {
        Weights = [.. Enumerable.Range(0, Count).Select(i => i / 2f)],
    };

    private static List<int[]> Read(IBatches batches, int epoch) => [.. batches.Epoch(epoch).Select(b =>
    {
        var rows = b.Inputs[0].select(1, 0).data<float>().Select(v => (int)v).ToArray();
        Assert.Equal(rows.Select(r => r * 10f), b.Target!.data<float>());
        return rows;
    })];

    private static List<float[]> Augmented(IBatches batches, int skip) => [.. batches.Epoch(1, skip)
        .Select(b => b.Inputs[0].select(1, 0).data<float>().ToArray())];

    private sealed class WideRows(int width, int count) : RowSource
    {
        private readonly float[] row = [.. Enumerable.Repeat(1f, width)];

        public override Shape Shape => Shape.Vector(width);

        public override long Count => count;

        public override IReadOnlyList<TargetPart> Targets => [];

        public override bool Weighted => false;

        public override IEnumerable<Row> Read() => Enumerable.Repeat(new Row(row, default, 1), count);
    }

    private sealed class Rows : RowSource
    {
        public override Shape Shape => Shape.Vector(2);

        public override long Count => BatchesTests.Count;

        public override IReadOnlyList<TargetPart> Targets => [TargetPart.Values(1)];

        public override bool Weighted => true;

        public override IEnumerable<Row> Read()
        {
            // The memory is used again for every row, as the contract allows.
            var (features, values) = (new float[2], new float[1]);
            for (int i = 0; i < Count; i++)
            {
                (features[0], features[1], values[0]) = (i, i + 0.5f, i * 10f);
                yield return new(features, values, i / 2f);
            }
        }
    }
}
