using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Compression.Distillation;
using MlNetDl.Tests.Training;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Compression;

/// <summary>The stage on real digits, a small convolutional network with normalisation and a residual sum.</summary>
[Collection("torch")]
public sealed class Int8Tests
{
    private static readonly Examples Digits = Datasets.Find("optdigits")!.Load(false).Take(960);
    private static readonly Lazy<ModelPackage> Fitted = new(() => Run(null, new Fit()).Package);

    private static CustomNetwork Network => new()
    {
        Layers = new Sequential(
            new Conv2d(8, 3, Padding: 1) { Name = "c1", Bias = false },
            new BatchNorm2d(),
            new ReLU(),
            new Branches(new Sum(), new Identity(), new Conv2d(8, 3, Padding: 1) { Name = "c2" }) { Name = "block" },
            new ReLU(),
            new MaxPool2d(2, 2),
            new Flatten(),
            new Linear(10) { Name = "out" }),
    };

    [Fact]
    public void It_is_a_quarter_of_the_size_and_as_good()
    {
        var messages = new List<string>();
        var rounded = Run(Fitted.Value, messages, new Int8()).Package;
        Assert.InRange(Accuracy(Fitted.Value) - Accuracy(rounded), -0.005, 0.005);
        Assert.True(Accuracy(rounded) > 0.9);
        Assert.InRange((double)Weights(rounded) / Weights(Fitted.Value), 0.2, 0.35);
        const string Kernels = "2 of 2 convolutions, 1 of 1 matrix products, 1 of 1 additions, 1 of 1 pools on integer kernels";
        Assert.Contains(messages, m => m.Contains(Kernels, StringComparison.Ordinal));
        Assert.Equal("8-bit weights, 8-bit values", rounded.Manifest.Quantization!.Words);
        Assert.Equal(ModelManifest.PlainFormat, ModelPackage.Read(rounded.ToBytes()).Manifest.Format);
        // What the manifest says is of the rounded model.
        Assert.Equal(Accuracy(rounded), rounded.Manifest.Training!.Training["accuracy"], 1e-3);
    }

    [Fact]
    public void A_row_scores_the_same_in_any_batch()
    {
        using var one = NeuralNetworkTransformer.Of(new(), Run(Fitted.Value, new Int8()).Package, null, new() { BatchSize = 1 });
        using var many = one.WithScoring(new() { BatchSize = 64 });
        Assert.Equal(many.Score(Digits.Take(130)), one.Score(Digits.Take(130)));
    }

    [Theory]
    [InlineData(RangeLearning.MovingAverage)]
    [InlineData(RangeLearning.Learned)]
    public void Training_with_rounding_wins_back_what_two_bits_lose(RangeLearning ranges)
    {
        var rounded = Run(Fitted.Value, new Int8 { WeightBits = 2, ValueBits = 3 }).Package;
        var aware = new QuantizationAware { Epochs = 3, Optimizer = new Adam { LearningRate = 0.003 }, Ranges = ranges };
        var trained = Run(Fitted.Value, new Int8 { WeightBits = 2, ValueBits = 3, Aware = aware }).Package;
        Assert.True(Accuracy(trained) > Accuracy(rounded) + 0.05, $"{Accuracy(rounded)} {Accuracy(trained)}");
        Assert.All(trained.ReadWeights().Where(w => w.Name.EndsWith(".weight", StringComparison.Ordinal)), w =>
            Assert.InRange(w.Data.Take((int)(w.Data.Length / w.Dims[0])).Distinct().Count(), 1, 3));
        // The manifest's figures are of what is saved, but for a level here and there.
        Assert.Equal(Accuracy(trained), trained.Manifest.Training!.Training["accuracy"], 0.03);
    }

    [Theory]
    [InlineData(RangeLearning.MovingAverage)]
    [InlineData(RangeLearning.Learned)]
    public void An_interrupted_training_ends_in_the_same_bytes(RangeLearning ranges)
    {
        using var folder = new TemporaryFolder();
        var stage = new Int8 { Rows = 50, Aware = new() { Epochs = 2, Ranges = ranges } };
        var whole = Run(Fitted.Value, stage).Package.ToBytes();
        using var stop = new CancellationTokenSource();
        var recipe = Recipe(Fitted.Value, [], stage) with { CheckpointPath = folder["checkpoint"] };
        Assert.Throws<OperationCanceledException>(() => (recipe with { Callbacks = [new StopAfterEpoch(stop)], Stop = stop.Token }).Run(Digits));
        Assert.True(File.Exists(folder["checkpoint"]));
        Assert.Equal(whole, recipe.Run(Digits).Package.ToBytes());
    }

    [Fact]
    public void Layers_are_left_in_float_until_the_bound_holds()
    {
        var messages = new List<string>();
        var rounded = Run(Fitted.Value, messages, new Int8 { WeightBits = 1, ValueBits = 8, MaxDrop = 0.002 }).Package;
        Assert.InRange(Accuracy(Fitted.Value) - Accuracy(rounded), -1, 0.003);
        var said = Assert.Single(messages, m => m.Contains("at most 0.20", StringComparison.Ordinal));
        Assert.Contains("in float", said, StringComparison.Ordinal);
        var kept = Run(Fitted.Value, messages, new Int8 { Keep = ["block"] }).Package;
        Assert.Equal(4, OnnxConstants(kept, "/level"));   // Weights and biases of c1 and out.
    }

    [Fact]
    public void Training_goes_on_only_where_the_float_weights_were_kept()
    {
        var (gone, kept) = (Run(Fitted.Value, new Int8()).Package, Run(Fitted.Value, new Int8 { KeepWeights = true }).Package);
        Assert.Contains("is quantised already", Refused(gone, new Fit { Epochs = 1 }), StringComparison.Ordinal);
        Assert.Contains("is quantised already", Refused(gone, new Int8()), StringComparison.Ordinal);
        var further = Run(ModelPackage.Read(kept.ToBytes()), new Fit { Epochs = 1 }).Package;
        Assert.Null(further.Manifest.Quantization);
        Assert.True(Accuracy(further) > 0.9);
        Assert.Equal(Weights(gone), Weights(kept));
    }

    [Fact]
    public void What_makes_no_sense_is_refused_before_the_first_step()
    {
        Assert.Contains("needs float weights, and int8 leaves", Refused(null, new Fit(), new Int8(), new MagnitudePruning()), StringComparison.Ordinal);
        Assert.Contains("numbers are rounded once", Refused(null, new Fit(), new Int8(), new Int8()), StringComparison.Ordinal);
        Assert.Contains("trains nothing", Refused(null, new Fit(), new Int8(), new ProximalL1()), StringComparison.Ordinal);
        Assert.Contains("int8.keep names 'blok'", Refused(null, new Fit(), new Int8 { Keep = ["blok"] }), StringComparison.Ordinal);
        Assert.Contains("finds nothing to round", Refused(Fitted.Value, new Int8 { Keep = ["c1", "block", "out"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_always_zero_is_named()
    {
        var dead = new CustomNetwork
        {
            Layers = new Sequential(new Flatten(), new Linear(4) { Name = "a" }, new Normalize([1e6f], [1]), new ReLU(), new Linear(10)),
        };
        var messages = new List<string>();
        var recipe = Recipe(null, messages, new Fit { Epochs = 1 }, new Int8()) with { Model = dead };
        Assert.All(Scores(recipe.Run(Digits).Package), s => Assert.True(float.IsFinite(s)));
        Assert.Contains(messages, m => m.StartsWith("warning: int8: the values of '3' were 0 for all", StringComparison.Ordinal)
            && m.EndsWith("or name the layers that read them under keep: 4.", StringComparison.Ordinal));
    }

    /// <summary>Rows leave the integer graph as they leave the float one, down to a batch of which none is left.</summary>
    [Fact]
    public void Rows_leave_a_rounded_network_too()
    {
        var exits = new EarlyExit { Network = Network, Exits = [new Exit { After = "c1" }], By = ExitRule.Confidence };
        foreach (double cost in new[] { 1, 0.6 })
        {
            var options = Lessons.Options with { Epochs = 4, ValidationFraction = 0.25 };
            var recipe = Recipe(null, []) with { Model = exits, Training = options with { Stages = [new Fit(), new ExitThreshold { Cost = cost }] } };
            var exact = recipe.Run(Digits).Package;
            var rounded = (recipe with { Model = null, ContinueFrom = exact, Training = options with { Stages = [new Int8()] } }).Run(Digits).Package;
            using var one = NeuralNetworkTransformer.Of(new(), rounded, null, new() { BatchSize = 1 });
            using var many = one.WithScoring(new() { BatchSize = 64 });
            Assert.Equal(many.Score(Digits.Take(130)), one.Score(Digits.Take(130)));
            Assert.InRange(Accuracy(exact) - Accuracy(rounded), -0.03, 0.03);
        }
    }

    [Fact]
    public void A_bound_on_accuracy_needs_a_task_with_one()
    {
        var recipe = Recipe(null, [], new Fit(), new Int8 { MaxDrop = 0.01 }) with { Task = new Regression(), Model = new Mlp() };
        var values = Digits with { Targets = ((long[])Digits.Targets!).Select(t => (float)t).ToArray(), ClassNames = [] };
        Assert.Contains("bounds the fall of accuracy", Assert.Throws<ArgumentException>(() => recipe.Run(values)).Message, StringComparison.Ordinal);
    }

    private static string Refused(ModelPackage? from, params ValueList<Stage> stages) =>
        Assert.Throws<ArgumentException>(() => Recipe(from, [], stages).Run(Digits)).Message;

    private static RecipeResult Run(ModelPackage? from, params ValueList<Stage> stages) => Run(from, [], stages);

    private static RecipeResult Run(ModelPackage? from, List<string> messages, params ValueList<Stage> stages) =>
        Recipe(from, messages, stages).Run(Digits);

    private static Recipe Recipe(ModelPackage? from, List<string> messages, params ValueList<Stage> stages) => new()
    {
        Task = new MulticlassClassification(),
        Model = from is null ? Network : null,
        ContinueFrom = from,
        Callbacks = [new Messages(messages)],
        Training = Lessons.Options with { Epochs = 6, Stages = stages },
    };

    private static double Accuracy(ModelPackage package)
    {
        var scores = Scores(package);
        var truth = (long[])Digits.Targets!;
        return truth.Index().Average(t => scores.AsSpan(t.Index * 10, 10).IndexOf(scores.AsSpan(t.Index * 10, 10).ToArray().Max()) == t.Item ? 1.0 : 0);
    }

    private static float[] Scores(ModelPackage package)
    {
        using var model = NeuralNetworkTransformer.Of(new(), package);
        return model.Score(Digits);
    }

    private static int Weights(ModelPackage package) => MlNetDl.Onnx.OnnxReader.ReadConstants(package.Graphs[ModelPackage.MainGraph])
        .Where(c => c.Data.Length > 30).Sum(c => Buffer.ByteLength(c.Data));

    private static int OnnxConstants(ModelPackage package, string end) => MlNetDl.Onnx.OnnxReader.ReadConstants(package.Graphs[ModelPackage.MainGraph])
        .Count(c => c.Name.EndsWith(end, StringComparison.Ordinal));

    private sealed class Messages(List<string> told) : Callback
    {
        public override void Message(string text) => told.Add(text);
    }

    private sealed class StopAfterEpoch(CancellationTokenSource stop) : Callback
    {
        public override void CheckpointWritten(int epochs) => stop.Cancel();
    }
}
