using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>Training on batches of one's own, whose lengths may differ.</summary>
public sealed class OwnBatchesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly MLContext ml = new(1);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Batches_of_ones_own_leave_a_model_for_rows_of_any_length()
    {
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = Network,
            Training = Options,
            FeatureColumn = nameof(Review.Text),
        };
        var data = new OwnBatches
        {
            Shape = Shape.Tokens(),
            Training = new Lengths([.. Review.All.Take(200)]),
            Validation = new Lengths([.. Review.All.Skip(200)]),
            Label = new() { ClassNames = ["bad", "good"] },
            Identity = "reviews",
        };
        var result = recipe.Run(data);
        Assert.True(result.Reports[0].Epochs[^1].Validation["accuracy"] > 0.95);
        Assert.Equal("int64[N, T]", $"{result.Package.Manifest.Input}");
        using var model = NeuralNetworkTransformer.Of(ml, result.Package);
        var right = model.Transform(View()).GetColumn<uint>("PredictedLabel").Zip(Review.All, (p, r) => p == (r.Kind == 0 ? 1u : 2u));
        Assert.True(right.Average(r => r ? 1.0 : 0) > 0.95);

        // A checkpoint of other data is refused, and that of the same is continued.
        var kept = recipe with { CheckpointPath = folder["checkpoint"] };
        Assert.Equal(result.Package.ToBytes(), kept.Run(data).Package.ToBytes());
        Assert.Equal(result.Package.ToBytes(), kept.Run(data).Package.ToBytes());
        Assert.Throws<InvalidDataException>(() => kept.Run(data with { Identity = "others" }));
    }

    [Fact]
    public void What_would_do_nothing_for_batches_of_ones_own_is_refused()
    {
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = Network,
            Training = Options,
        };
        var data = new OwnBatches
        {
            Shape = Shape.Tokens(),
            Training = new Lengths(Review.All),
            Label = new() { ClassNames = ["bad", "good"] },
            Identity = "reviews",
        };
        Assert.Contains(
            "Standardize",
            Assert.Throws<ArgumentException>(() => (recipe with { Standardize = true }).Run(data)).Message,
            StringComparison.Ordinal);
        var holdsOut = recipe with { Training = Options with { ValidationFraction = 0.1 } };
        Assert.Contains(
            "training.validationFraction",
            Assert.Throws<ArgumentException>(() => holdsOut.Run(data)).Message,
            StringComparison.Ordinal);
        var balanced = recipe with { Training = Options with { ClassWeights = ClassWeights.Balanced } };
        Assert.Contains("nobody has counted", Assert.Throws<ArgumentException>(() => balanced.Run(data)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => recipe.Run(data with { Training = new Lengths([]) }));
    }

    [Fact]
    public void Batches_of_ones_own_that_contradict_themselves_are_refused()
    {
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = Network,
            Training = Options with { Epochs = 1 },
        };
        var data = new OwnBatches
        {
            Shape = Shape.Tokens(),
            Training = new Lengths(Review.All),
            Label = new() { ClassNames = ["bad", "good"] },
            Identity = "reviews",
        };
        Assert.Contains(
            "Identity is empty",
            Assert.Throws<ArgumentException>(() => recipe.Run(data with { Identity = " " })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "names of two classes",
            Assert.Throws<ArgumentException>(() => recipe.Run(data with { Label = new() })).Message,
            StringComparison.Ordinal);
        var scaled = data with { Scale = new([1], [2]) };
        Assert.Contains("has none that are", Assert.Throws<ArgumentException>(() => recipe.Run(scaled)).Message, StringComparison.Ordinal);
        var regression = recipe with { Task = new Regression(), Model = new Mlp() };
        var line = new OwnBatches
        {
            Shape = Shape.Vector(1),
            Training = new Line(new([100], [10])),
            Identity = "line",
            Scale = new([1, 2], [0, 1]),
        };
        Assert.Contains(
            "deviations above 0",
            Assert.Throws<ArgumentException>(() => regression.Run(line)).Message,
            StringComparison.Ordinal);
        var later = Assert.Throws<InvalidOperationException>(() => recipe.Run(data with { Validation = new Line(TargetScale.None) }));
        Assert.Contains("for validation gave as batch 1 one whose target is Float32[40, 1]", later.Message, StringComparison.Ordinal);
        var e = Assert.Throws<ArgumentException>(() => recipe.Run(data with { Shape = Shape.Parse("int64[N, 3]") }));
        Assert.Contains("first batch for training has the inputs Int64[20,", e.Message, StringComparison.Ordinal);
        foreach (int error in new[] { -1, 1 })
        {
            var wrong = Assert.Throws<InvalidOperationException>(() => recipe.Run(data with { Training = new Lengths(Review.All, error) }));
            Assert.Contains("Epoch 1 of your batches for training gave", wrong.Message, StringComparison.Ordinal);
            Assert.Contains("IBatches.BatchCount", wrong.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("null", "batch 2 one whose value is null")]
    [InlineData("empty", "inputs have no row")]
    [InlineData("weights of two dimensions", "Weights are Float32[20, 1]; expected Float32[20]")]
    [InlineData("whole weights", "Weights are Int64[20]; expected Float32[20]")]
    [InlineData("negative weights", "not all finite numbers of 0 or more")]
    [InlineData("a class too many", "target has the class 5; there are 2, counted from 0")]
    [InlineData("targets of fewer rows", "Targets[\"target\"] is Int64[3] beside 20 rows")]
    [InlineData("fewer examples", "ExampleCount says 240")]
    public void A_batch_of_ones_own_that_torch_would_take_wrongly_is_refused(string kind, string message)
    {
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = Network,
            Training = Options with { Epochs = 1 },
        };
        var data = new OwnBatches
        {
            Shape = Shape.Tokens(),
            Training = new Wrong(new Lengths(Review.All), kind),
            Label = new() { ClassNames = ["bad", "good"] },
            Identity = "reviews",
        };
        Assert.Contains(message, Assert.Throws<InvalidOperationException>(() => recipe.Run(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_of_ones_own_say_how_their_targets_are_standardised()
    {
        var scale = new TargetScale([100], [10]);
        var recipe = new Recipe
        {
            Task = new Regression(),
            Model = new Mlp { Hidden = [] },
            Training = Options with { Epochs = 60 },
        };
        var data = new OwnBatches
        {
            Shape = Shape.Vector(1),
            Training = new Line(scale),
            Identity = "line",
            Scale = scale,
        };
        var result = recipe.Run(data);
        using var model = NeuralNetworkTransformer.Of(ml, result.Package);
        var scores = model.Score(new Examples(Shape.Vector(1), new float[] { -1, 0, 1 }));
        Assert.All(scores.Zip([95f, 100, 105]), p => Assert.Equal(p.Second, p.First, 0.5));
        var other = recipe with { Model = null, ContinueFrom = result.Package };
        Assert.Contains(
            "their own unit",
            Assert.Throws<ArgumentException>(() => other.Run(data with { Scale = TargetScale.None })).Message,
            StringComparison.Ordinal);
        Assert.True(other.Run(data).Reports[0].Epochs[^1].Training["r2"] > 0.99);
    }

    private static TrainingOptions Options { get; } = new()
    {
        Epochs = 8,
        BatchSize = 20,
        Optimizer = new Adam { LearningRate = 0.05 },
        Threads = 1,
        Seed = 1,
        Device = "cpu",
    };

    private static CustomNetwork Network => new()
    {
        Layers = new Sequential(new Embedding(257, 8) { PaddingIndex = 0 }, new SeamSumOverTime(), new Linear(2)),
    };

    private IDataView View() => ml.Data.LoadFromEnumerable(Review.All);

    /// <summary>Batches of texts, each batch as long as its longest.</summary>
    private sealed class Lengths(List<Review> reviews, int error = 0) : IBatches
    {
        private const int Size = 20;

        public long ExampleCount => reviews.Count;

        public int BatchCount => ((reviews.Count + Size - 1) / Size) + error;

        public IEnumerable<Batch> Epoch(int epoch, int skip = 0)
        {
            foreach (var rows in reviews.OrderBy(r => r.Text.Length).Chunk(Size).Skip(skip))
            {
                int longest = rows.Max(r => r.Bytes.Length);
                var tokens = rows.SelectMany(r => r.Bytes.Concat(Enumerable.Repeat(0L, longest - r.Bytes.Length))).ToArray();
                yield return new Batch([tensor(tokens).reshape(rows.Length, longest)], tensor(rows.Select(r => (long)r.Kind).ToArray()));
            }
        }
    }

    /// <summary>The same with something wrong in the second batch.</summary>
    private sealed class Wrong(IBatches batches, string kind) : IBatches
    {
        public long ExampleCount => batches.ExampleCount;

        public int BatchCount => batches.BatchCount;

        public IEnumerable<Batch> Epoch(int epoch, int skip = 0) => batches.Epoch(epoch, skip).Select((b, i) => i != 1 ? b : kind switch
        {
            "null" => null!,
            "empty" => new Batch([zeros(0, 4, ScalarType.Int64)], zeros(0, ScalarType.Int64)),
            "weights of two dimensions" => b with { Weights = ones(b.Count, 1) },
            "whole weights" => b with { Weights = ones(b.Count, ScalarType.Int64) },
            "negative weights" => b with { Weights = -ones(b.Count) },
            "a class too many" => new Batch(b.Inputs, b.Target! * 5),
            "targets of fewer rows" => new Batch(b.Inputs, b.Target!.narrow(0, 0, 3)),
            _ => new Batch([b.Inputs[0].narrow(0, 0, 3)], b.Target!.narrow(0, 0, 3)),
        });
    }

    /// <summary>y = 100 + 5 x, standardised.</summary>
    private sealed class Line(TargetScale scale) : IBatches
    {
        public long ExampleCount => 40;

        public int BatchCount => 1;

        public IEnumerable<Batch> Epoch(int epoch, int skip = 0)
        {
            var x = Enumerable.Range(0, 40).Select(i => (i - 20) / 10f).ToArray();
            return skip > 0
                ? []
                : [new Batch(
                    [tensor(x).unsqueeze(1)],
                    tensor(scale.Standardize(x.Select(v => 100 + (5 * v)).ToArray())).unsqueeze(1))];
        }
    }
}
