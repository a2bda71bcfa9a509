using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Training.Augmentation;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Data;

/// <summary>What a batch holds beside its inputs, and in what types.</summary>
[Collection("torch")]
public sealed class BatchContentsTests
{
    private static readonly Shape FourTokens = new(ElementType.Int64, [Dim.Batch, 4]);

    [Fact]
    public void Tokens_are_int64_and_have_a_target_for_each_place()
    {
        using var scope = NewDisposeScope();
        var tokens = Enumerable.Range(0, 12).Select(i => (1L << 40) + i).ToArray();
        using var batches = new TensorBatches(new(FourTokens, tokens, tokens) { TargetWidth = 4 }, 2);
        var batch = batches.Epoch(0).Last();
        Assert.Equal((ScalarType.Int64, ScalarType.Int64), (batch.Inputs[0].dtype, batch.Target!.dtype));
        Assert.Equal(tokens[8..], batch.Inputs[0].data<long>());
        Assert.Equal([1, 4], batch.Target.shape);
    }

    [Fact]
    public void Batches_have_the_type_of_the_shape()
    {
        using var scope = NewDisposeScope();
        using var bytes = new TensorBatches(new(FourTokens, new byte[] { 1, 2, 3, 255 }), 1);
        Assert.Equal([1L, 2, 3, 255], bytes.Epoch(0).Single().Inputs[0].data<long>());
        using var flags = new TensorBatches(new(new(ElementType.Bool, [Dim.Batch, 2]), new byte[] { 0, 1 }), 1);
        Assert.Equal([false, true], flags.Epoch(0).Single().Inputs[0].data<bool>());
        var stream = new StreamingBatches(new Numbers(3) { Type = ElementType.Int64 }, 2, 1, 1);
        Assert.Equal([0L, 1], stream.Epoch(0).First().Inputs[0].data<long>());
    }

    [Fact]
    public void A_set_without_targets_is_counted_by_its_features()
    {
        using var scope = NewDisposeScope();
        var examples = new Examples(Shape.Vector(2), new float[] { 0, 0, 1, 1, 2, 2, 3, 3, 4, 4 });
        Assert.Equal(5, examples.Count);
        using var batches = new TensorBatches(examples.Where(i => i != 1), 3);
        Assert.Equal((4, 2), (batches.ExampleCount, batches.BatchCount));
        Assert.All(batches.Epoch(0), b => Assert.Empty(b.Targets));
        Assert.Null(batches.Epoch(0).First().Target);
        var (training, validation) = examples.Split(0.2, seed: 1);
        Assert.Equal((4, 1), (training.Count, validation.Count));
    }

    [Fact]
    public void Examples_whose_length_is_not_known_are_refused_with_the_remedy()
    {
        var examples = new Examples(Shape.Tokens(), new long[12], new long[3]);
        Assert.Contains(
            "as in [N, 12]",
            Assert.Throws<ArgumentException>(() => new TensorBatches(examples, 2)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 2, 2, "no whole number of examples")]
    [InlineData(4, 3, 2, "holds 3 values in a Single[], for 2 examples")]
    [InlineData(4, 2, 3, "3 weights for 2 examples")]
    public void Parts_that_do_not_belong_together_are_refused(int features, int targets, int weights, string message)
    {
        var examples = new Examples(Shape.Vector(2), new float[features], new float[targets]) { Weights = new float[weights] };
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new TensorBatches(examples, 2)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory", true)]
    [InlineData("memory", false)]
    [InlineData("stream", true)]
    [InlineData("stream", false)]
    public void Rows_say_where_the_examples_lie_in_their_set(string kind, bool shuffled)
    {
        using var scope = NewDisposeScope();
        var examples = new Examples(Shape.Vector(1), Enumerable.Range(0, 23).Select(i => (float)i).ToArray());
        IBatches batches = kind == "memory"
            ? new TensorBatches(examples, 5, shuffled ? 3 : null)
            : new StreamingBatches(new Numbers(23), 5, shuffled ? 8 : 1, 3);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            var all = batches.Epoch(epoch).ToList();
            Assert.All(all, b => Assert.Equal(b.Inputs[0].reshape(-1).data<float>().Select(v => (long)v), b.Rows!.data<long>()));
            Assert.Equal(23, all.Sum(b => b.Rows!.numel()));
        }

        (batches as IDisposable)?.Dispose();
    }

    [Fact]
    public void A_batch_larger_than_the_data_takes_memory_for_the_data_alone()
    {
        using var scope = NewDisposeScope();
        var stream = new StreamingBatches(new Numbers(23), 1_000_000_000, 1_000_000_000, 3);
        Assert.Equal(1, stream.BatchCount);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(23, stream.Epoch(0).Single().Count);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        using var memory = new TensorBatches(new(Shape.Vector(1), new float[23]), int.MaxValue, 1);
        Assert.Equal(23, memory.Epoch(0).Single().Count);
    }

    [Fact]
    public void A_batch_that_no_array_can_hold_is_one_clear_error() => Assert.Contains(
        "lower training.batchSize",
        Assert.Throws<ArgumentException>(
            () => new StreamingBatches(new Numbers(int.MaxValue), int.MaxValue, 1, 1).Epoch(0).First()).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_stream_without_labels_gives_batches_without_targets()
    {
        using var scope = NewDisposeScope();
        var batches = new StreamingBatches(new Numbers(6, labelled: false), 4, 2, 1).Epoch(0).ToList();
        Assert.All(batches, b => Assert.Empty(b.Targets));
        Assert.Equal([0, 1, 2, 3, 4, 5], batches.SelectMany(b => b.Inputs[0].data<float>()).Order());
    }

    /// <summary>Boxes move with their image.</summary>
    [Theory]
    [InlineData("memory")]
    [InlineData("stream")]
    public void An_augmentation_sees_the_whole_batch(string kind)
    {
        using var scope = NewDisposeScope();
        Augmentation move = new Shift();
        var examples = new Examples(
            Shape.Vector(1),
            Enumerable.Range(0, 6).Select(i => (float)i).ToArray(),
            Enumerable.Range(0, 6).Select(i => i * 10f).ToArray());
        IBatches batches = kind == "memory"
            ? new TensorBatches(examples, 4, 1, augment: move.Apply)
            : new StreamingBatches(new Numbers(6), 4, 2, 1, augment: move.Apply);
        foreach (var batch in batches.Epoch(1))
        {
            Assert.True((batch.Target! - (batch.Rows!.to(float32).unsqueeze(1) * 10))
                .allclose(batch.Inputs[0] - batch.Rows.unsqueeze(1), atol: 1e-5));
            Assert.True((batch.Inputs[0] - batch.Rows.unsqueeze(1)).abs().min().item<float>() > 0);
        }

        (batches as IDisposable)?.Dispose();
    }

    [Fact]
    public void An_augmentation_of_images_leaves_everything_else_as_it_is()
    {
        using var scope = NewDisposeScope();
        var batch = new Batch([rand(2, 1, 2, 3), rand(2, 4)], tensor(new long[] { 1, 0 }), ones(2)) { Rows = tensor(new long[] { 7, 9 }) };
        var changed = new HorizontalFlip { Probability = 1 }.Apply(batch, new Random(1));
        Assert.True(changed.Inputs[0].equal(batch.Inputs[0].flip(3)).all().item<bool>());
        Assert.Same(batch.Inputs[1], changed.Inputs[1]);
        Assert.Equal((batch.Target, batch.Weights, batch.Rows), (changed.Target, changed.Weights, changed.Rows));
    }

    [Fact]
    public void Targets_have_names_and_a_single_one_needs_none()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([Batch.DefaultTarget], new Batch([ones(2, 1)], ones(2, 1)).Targets.Keys);
        Assert.Empty(new Batch([ones(2, 1)]).Targets);
        var two = new Batch([ones(2, 1)]) { Targets = new Dictionary<string, Tensor> { ["boxes"] = ones(2, 4), ["classes"] = ones(2) } };
        Assert.Null(two.Target);
        Assert.Equal([2, 4], two.Targets["boxes"].shape);
    }

    private sealed record Shift : Augmentation
    {
        public override Batch Apply(Batch batch, Random random)
        {
            double by = 0.25 + (random.NextDouble() / 2);
            return batch with { Inputs = [batch.Inputs[0] + by], Targets = batch.Targets.ToDictionary(t => t.Key, t => t.Value + by) };
        }

        public override Tensor Apply(Tensor images, Random random) => throw new NotSupportedException("It moves targets too.");
    }

    /// <summary>Row i has the feature i and the target 10·i.</summary>
    private sealed class Numbers(int count, bool labelled = true) : RowSource
    {
        public ElementType Type { get; init; }

        public override Shape Shape => new(Type, [Dim.Batch, 1]);

        public override long Count => count;

        public override IReadOnlyList<TargetPart> Targets => labelled ? [TargetPart.Values(1)] : [];

        public override bool Weighted => false;

        public override IEnumerable<Row> Read() => Enumerable.Range(0, count)
            .Select(i => new Row(new float[] { i }, labelled ? new[] { i * 10f } : default(ReadOnlyMemory<float>), 1));
    }
}
