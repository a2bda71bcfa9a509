using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using MlNetDl.Torch;
using MlNetDl.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression.Distillation;

/// <summary>Hints and attention: inner values of the teacher in the student's loss.</summary>
[Collection("torch")]
public sealed class HintTests
{
    private static readonly Lazy<ModelPackage> ImageTeacher = new(() => Lessons.Trained(Convolutions(6), examples: Images()));

    /// <summary>Images [1, 6, 6] of three classes, told by where they are bright.</summary>
    internal static Examples Images(int count = 60)
    {
        var random = new Random(4);
        var features = new float[count * 36];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = (float)random.NextDouble() + (i % 36 / 12 == i / 36 % 3 ? 1 : 0);
        }

        return new(Shape.Image(1, 6, 6), features, Enumerable.Range(0, count).Select(i => (long)(i % 3)).ToArray()) { ClassNames = ["a", "b", "c"] };
    }

    /// <summary>Two convolutions, the second within a block with a shortcut, and a wire behind the first.</summary>
    internal static CustomNetwork Convolutions(int channels) => new()
    {
        Layers = new Sequential(
            new Conv2d(channels, 3, Padding: 1) { Name = "first" },
            new Tap("seen", null),
            new Branches(new Sum(), new Conv2d(channels, 3, Padding: 1) { Name = "conv" }, new Identity()) { Name = "block" },
            new ReLU(),
            new GlobalAvgPool(),
            new Flatten { Name = "features" },
            new Linear(3) { Name = "out" }),
    };

    private static Distilled OfImages => new() { Teacher = [Teacher.Of(ImageTeacher.Value)] };

    private static Weights Fit(Distilled distilled, int channels = 4)
    {
        var recipe = Lessons.Taught(distilled) with { Model = Convolutions(channels) };
        return recipe.Run(Images()).Package.ReadWeights();
    }

    [Fact]
    public void A_hint_without_weight_changes_nothing() => Samples.AssertSame(
        Fit(OfImages),
        Fit(OfImages with { Hints = [new("first", "first") { Weight = 0 }], Attention = [new("block", "block") { Weight = 0 }] }));

    /// <summary>The loss is the mean squared difference of the two values, the gradient 2·w·(s − t)/(N·C).</summary>
    [Fact]
    public void A_hint_is_the_mean_squared_difference()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var pair = new InnerPair(new("t", 0, Shape.Vector(5)), new("s", 0, Shape.Vector(5)), 3, IsAttention: false);
        Tensor student = randn(4, 5).requires_grad_(true), teacher = randn(4, 5);
        var loss = pair.Of(student, teacher, null);
        loss.backward();
        Assert.Equal(3 * (student - teacher).pow(2).mean().item<float>(), loss.item<float>(), 1e-5f);
        Assert.True((student.grad! - (6 * (student - teacher) / 20)).abs().max().item<float>() < 1e-6);
        Assert.Equal(
            3 * (student - teacher)[0].pow(2).mean().item<float>(), pair.Of(student, teacher, tensor(new[] { 2f, 0, 0, 0 })).item<float>(), 1e-5f);
    }

    /// <summary>Two maps of two places with the attention (3, 4)/5 and (1, 0): the norm of their difference is √0.8.</summary>
    [Fact]
    public void Attention_is_the_distance_of_normalised_sums_of_squares()
    {
        using var scope = NewDisposeScope();
        var shape = Shape.Image(2, 1, 2);
        var pair = new InnerPair(new("t", 0, shape), new("s", 0, shape), 3, IsAttention: true);
        var student = tensor(new[] { 1f, 2, (float)Math.Sqrt(2), 0 }).reshape(1, 2, 1, 2).requires_grad_(true);
        var teacher = tensor(new[] { 5f, 0 }).reshape(1, 1, 1, 2);
        Assert.Equal(1.5 * Math.Sqrt(0.16 + 0.64), pair.Of(student, teacher, null).item<float>(), 1e-6);
        // Equal maps, and maps of zeros, have a gradient of 0.
        var same = pair.Of(student, student.detach() * 7, null);
        same.backward();
        Assert.Equal(0, same.item<float>(), 1e-6f);
        Assert.True(student.grad!.isfinite().all().item<bool>());
        Assert.True(float.IsFinite(pair.Of(zeros_like(student), teacher, null).item<float>()));
    }

    [Fact]
    public void A_hint_brings_the_inner_values_nearer()
    {
        var hint = OfImages with { Alpha = 0, Hints = [new("block", "block") { Weight = 5 }] };
        Assert.True(Distance(Fit(hint, 6)) < 0.7 * Distance(Fit(OfImages with { Alpha = 0 }, 6)));

        static double Distance(Weights weights)
        {
            using var scope = NewDisposeScope();
            using var none = no_grad();
            return (Block(ImageTeacher.Value.ReadWeights()) - Block(weights)).pow(2).mean().item<float>();

            static Tensor Block(Weights weights)
            {
                using var network = new TorchNetwork(ImageTeacher.Value.Tree());
                network.LoadWeights(weights);
                network.SetTraining(false);
                var value = InnerValues.Find(network.Plan, "block", "test");
                var watch = new SlotWatch(network.Plan, [value.Slot]);
                network.Hook = watch;
                using var batches = new TensorBatches(Images(), 60);
                return watch.Of(value, network.Forward(batches.Epoch(0).First().Inputs));
            }
        }
    }

    [Theory]
    [InlineData("first", "first", 4)]
    [InlineData("seen", "block/conv", 4)]
    [InlineData("out", "output", 4)]
    [InlineData("features", "features", 5)]
    public void Trainings_with_hints_continue_bit_for_bit(string teacher, string student, int channels)
    {
        using var folder = new TemporaryFolder();
        var recipe = Lessons.Taught(OfImages with
        {
            Hints = [new(teacher, student) { Weight = 0.5 }],
            Attention = [new("block", "block") { Weight = 2 }],
        }) with { Model = Convolutions(channels) };
        recipe = recipe with { Training = recipe.Training with { RestoreBestWeights = true } };
        var straight = recipe.Run(Images(), Images(30)).Package.ReadWeights();
        var resuming = recipe with { CheckpointPath = folder["checkpoint"] };
        foreach (int steps in new[] { 3, 4 })
        {
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() =>
                (resuming with { Stop = stop.Token, Callbacks = [new CancelAfter(steps, stop)] }).Run(Images(), Images(30)));
        }

        Samples.AssertSame(straight, resuming.Run(Images(), Images(30)).Package.ReadWeights());
    }

    /// <summary>The regressor is trained: the same hint with a regressor that stands still leaves other weights.</summary>
    [Fact]
    public void A_regressor_learns_along()
    {
        using var batches = new TensorBatches(Images(), 20, 1);
        var network = new Network(Convolutions(4).Layers, Shape.Image(1, 6, 6));
        var context = Lessons.Context(batches, network);
        using var hook = (OfImages with { Alpha = 0, Hints = [new("first", "first")] }).Start(context);
        using var student = new TorchNetwork(network);
        hook.Start(student, Lessons.Options);
        var state = hook.State.ToList();
        Assert.Equal(["hint0/weight", "hint0/bias", "hints/0", "hints/1", "hints/2", "hints/3", "hints/steps"], state.Select(s => s.Name));
        Assert.Equal([6, 4], state[0].Tensor.shape);
        var before = state[0].Tensor.clone();
        var losses = new List<float>();
        for (int step = 0; step < 30; step++)
        {
            using var scope = NewDisposeScope();
            var batch = batches.Epoch(0).First();
            var loss = hook.Loss(batch, student.Forward(batch.Inputs), zeros(1).sum(), new(0, step, 30, 1));
            loss.backward();
            hook.Moved(new(0, step, 30, 1));
            losses.Add(loss.item<float>());
        }

        Assert.False(before.equal(state[0].Tensor).all().item<bool>());
        Assert.Equal(30, state[^1].Tensor.item<long>());
        // Only the regressor has moved.
        Assert.True(losses[^1] < 0.8 * losses[0], $"{losses[0]} {losses[^1]}");
    }

    [Fact]
    public void A_hook_that_the_network_has_stays_at_work()
    {
        using var batches = new TensorBatches(Images(), 20, 1);
        var network = new Network(Convolutions(6).Layers, Shape.Image(1, 6, 6));
        using var student = new TorchNetwork(network);
        student.Hook = new Doubled();
        using var scope = NewDisposeScope();
        var batch = batches.Epoch(0).First();
        var expected = student.Forward(batch.Inputs)["output"];
        using var hook = (OfImages with { Hints = [new("first", "first")] }).Start(Lessons.Context(batches, network));
        hook.Start(student, Lessons.Options);
        var outputs = student.Forward(batch.Inputs);
        Assert.True(expected.equal(outputs["output"]).all().item<bool>());
        Assert.True(hook.Loss(batch, outputs, zeros(1).sum(), default).item<float>() > 0);
        student.Hook = new Doubled();
        Assert.Contains(
            "another hook has taken the place of this one",
            Assert.Throws<InvalidOperationException>(() => hook.Loss(batch, student.Forward(batch.Inputs), zeros(1).sum(), default)).Message);
    }

    [Theory]
    [InlineData("frist", "first", "hints[0].teacher is 'frist', but the network has neither a layer nor a wire of that name; did you mean 'first'?")]
    [InlineData("first", "features", "hints[0]: the teacher's 'first' is [N, 6, 6, 6], the student's 'features' is [N, 4]; both must have the same number")]
    [InlineData("first", "input", "hints[0]: the teacher's 'first' is [N, 6, 6, 6], the student's 'input' is [N, 1, 6, 6]; none")]
    public void A_hint_that_cannot_be_meant_is_refused(string teacher, string student, string message)
    {
        using var batches = new TensorBatches(Images(), 20, 1);
        var context = Lessons.Context(batches, new(Convolutions(4).Layers, Shape.Image(1, 6, 6)));
        if (message.EndsWith("none", StringComparison.Ordinal))
        {
            // Channels may differ, so even the input can be compared with.
            (OfImages with { Hints = [new(teacher, student)] }).Start(context).Dispose();
            return;
        }

        var error = Assert.Throws<ArgumentException>(() => (OfImages with { Hints = [new(teacher, student)] }).Start(context));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Values_of_other_sizes_are_refused_with_both_shapes()
    {
        using var batches = new TensorBatches(Images(), 20, 1);
        var smaller = new Network(
            new Sequential(new Conv2d(4, 3) { Name = "first" }, new GlobalAvgPool(), new Flatten(), new Linear(3)), Shape.Image(1, 6, 6));
        var context = Lessons.Context(batches, smaller);
        Assert.Equal(
            "attention[0]: the teacher's 'first' is [N, 6, 6, 6], the student's 'first' is [N, 4, 4, 4]; only numbers of channels may differ, "
                + "heights and widths may not.",
            Assert.Throws<ArgumentException>(() => (OfImages with { Attention = [new("first", "first")] }).Start(context)).Message);
        Assert.Contains(
            "attention is of maps [N, C, H, W]",
            Assert.Throws<ArgumentException>(() => (OfImages with { Attention = [new("out", "3")] }).Start(context)).Message);
        var onnx = new Distilled { Teacher = [Teacher.Of(ImageTeacher.Value.ToOnnx())], Hints = [new("first", "first")] };
        Assert.Contains("is an .onnx, which shows no inner values", Assert.Throws<ArgumentException>(() => onnx.Start(context)).Message);
    }

    private sealed class Doubled : IForwardHook
    {
        public Tensor Input(PlanStep step, int index, Tensor value) => step.Path == "out" ? value * 2 : value;

        public Tensor Weight(PlanStep step, string parameter, Tensor stored) => stored;
    }
}
