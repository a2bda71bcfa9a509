using Microsoft.ML;
using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Compression.Distillation;
using MlNetDl.Tests.Training;
using MlNetDl.Torch;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression;

/// <summary>Thresholds of exits, chosen on validation rows.</summary>
[Collection("torch")]
public sealed class ExitThresholdTests
{
    private static readonly EarlyExit Exits = new()
    {
        Network = new Mlp { Hidden = [12, 12, 12] },
        Exits = [new() { After = "hidden1" }, new() { After = "hidden2" }],
    };

    private static readonly Examples Rows = Samples.Blobs(300), Held = Samples.Blobs(240, seed: 2);

    [Theory]
    [InlineData(null, 0.01)]
    [InlineData(ExitRule.Confidence, 0.01)]
    [InlineData(ExitRule.Entropy, 0.0)]
    public void As_many_rows_leave_as_the_accuracy_lets(ExitRule? by, double maxDrop)
    {
        var (package, messages) = Run(new ExitThreshold { By = by, MaxDrop = maxDrop });
        var report = Report(package);
        Assert.Equal(by ?? ExitRule.Entropy, report.By);
        Assert.InRange(report.Accuracy, report.AccuracyWithout - maxDrop - 1e-9, 1);
        Assert.InRange(report.Cost, 0, 0.99);
        Assert.True(report.Exits[0].Rows > 0);
        Assert.Equal(240, report.Exits.Sum(e => e.Rows));
        Assert.Contains(messages, m => m.StartsWith("exitThreshold on 240 validation rows: ", StringComparison.Ordinal));

        // What the report says is what the saved model does.
        using var model = NeuralNetworkTransformer.Of(new(), package);
        var scores = model.Score(Held);
        int right = Enumerable.Range(0, Held.Count)
            .Count(i => Enumerable.Range(0, 3).MaxBy(c => scores[(i * 3) + c]) == i % 3);
        Assert.Equal(report.Accuracy, right / 240.0, 1e-9);
        Assert.Equal(report.Macs, MeanMacs.Of(package, (float[])Held.Features)!.Value, 1e-6);
    }

    [Fact]
    public void No_training_may_follow_also_where_a_recipe_continues_from_the_model()
    {
        List<Stage> before = [new Fit(), new ExitThreshold()];
        Assert.Contains("has a 'fit' behind exitThreshold", StageOrder.Problem([new Fit()], before)!.ToString(), StringComparison.Ordinal);
        Assert.Contains("has a 'fit' behind exitThreshold", StageOrder.Problem([], before)!.ToString(), StringComparison.Ordinal);
        Assert.Null(StageOrder.Problem([new Int8()], before));
        Assert.Null(StageOrder.Problem([]));
    }

    [Fact]
    public void A_wanted_cost_is_reached()
    {
        var report = Report(Run(new ExitThreshold { Cost = 0.6 }).Package);
        Assert.InRange(report.Cost, 0.3, 0.6);
        Assert.Equal(
            "exitThreshold.cost is 0.01, but even with the laxest thresholds a row takes",
            Assert.Throws<ArgumentException>(() => Run(new ExitThreshold { Cost = 0.01 })).Message[..75]);
    }

    [Fact]
    public void The_report_counts_rows_of_each_class_and_multiply_adds_of_each_exit()
    {
        var report = Report(Run(new ExitThreshold { MaxDrop = 0.02 }).Package);
        Assert.Equal(["exit1", "exit2", "output"], report.Exits.Select(e => e.Name));
        Assert.Equal([80, 80, 80], Enumerable.Range(0, 3).Select(c => report.Exits.Sum(e => e.RowsOfClass[c])));

        // 6·12 and a head of 12·3; 12·12 and a head; 12·12 and the output.
        Assert.Equal([108, 108 + 180, 108 + 180 + 180], report.Exits.Select(e => e.Macs));
        Assert.Equal(72 + 144 + 144 + 36, report.MacsWithout);
        Assert.Equal(report.Macs, report.Exits.Sum(e => e.Share * e.Macs), 1e-9);
        Assert.Equal(report.Accuracy, report.Exits.Sum(e => e.Share * (e.Accuracy ?? 0)), 1e-9);
        Assert.Equal(report.AccuracyWithout, report.Exits[^1].AccuracyOfAll, 1e-9);
        Assert.True(report.IsHeldOut);
        Assert.Null(report.Exits[^1].Threshold);
    }

    [Fact]
    public void Where_no_row_may_leave_a_warning_says_what_helps()
    {
        var noisy = Samples.Blobs(240, seed: 2, noise: 30);
        var messages = new List<string>();
        var recipe = Recipe(new ExitThreshold { MaxDrop = 0 }) with { Callbacks = [new Told(messages)] };
        var package = recipe.Run(Rows, noisy).Package;
        var exits = package.Tree().Plan().Steps.Select(s => s.Leaf).OfType<HardRows>().ToList();
        bool leaves = exits.Any(e => e.Threshold is not null);
        Assert.Equal(!leaves, messages.Any(m => m.Contains("No row leaves, so the exits only cost", StringComparison.Ordinal)));
    }

    [Fact]
    public void In_a_zip_it_scores_the_same_in_any_batch()
    {
        using var folder = new TemporaryFolder();
        var package = Run(new ExitThreshold { MaxDrop = 0.02 }).Package;
        var path = package.Saved(folder, "exits.zip");
        var expected = NeuralNetworkTransformer.Of(new(), package).Score(Held);
        foreach (int batch in (int[])[1, 7, 64])
        {
            using var model = NeuralNetworkTransformer.Load(new MLContext(), path, new() { BatchSize = batch });
            Assert.All(expected.Zip(model.Score(Held)), s => Assert.Equal(s.First, s.Second, 1e-6f));
        }
    }

    [Fact]
    public void What_cannot_be_is_refused_before_anything_is_trained()
    {
        Assert.Contains(
            "exitThreshold needs validation rows, because exits are too sure",
            Assert.Throws<ArgumentException>(() => Recipe(new ExitThreshold()).Run(Rows)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "exitThreshold needs a network with early exits",
            Assert.Throws<ArgumentException>(() => (Recipe(new ExitThreshold()) with { Model = new Mlp() }).Run(Rows, Held)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Regression predicts values",
            Assert.Throws<ArgumentException>(() => ExitedRows.Refuse(
                Lessons.Context(new TensorBatches(Rows, 16), Exits.ToNetwork(MlNetDl.Layers.Contracts.Shape.Vector(6), 1), new Regression()),
                "exitThreshold")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "maxDrop must be 0 to 1 but is 1.5",
            Assert.Throws<ArgumentException>(() => Run(new ExitThreshold { MaxDrop = 1.5 })).Message,
            StringComparison.Ordinal);
    }

    private static Recipe Recipe(ExitThreshold stage) => new()
    {
        Task = new MulticlassClassification(),
        Model = Exits,
        Training = Lessons.Options with { Stages = [new Fit { Epochs = 6 }, stage] },
    };

    private static (ModelPackage Package, List<string> Messages) Run(ExitThreshold stage)
    {
        var messages = new List<string>();
        return ((Recipe(stage) with { Callbacks = [new Told(messages)] }).Run(Rows, Held).Package, messages);
    }

    // By the same weights and thresholds, anew.
    private static ExitReport Report(ModelPackage package)
    {
        using var session = TorchSession.Enter(seed: 1);
        using var rows = new TensorBatches(Held, 32);
        return ExitReport.Of(Lessons.Context(rows, package.Tree()) with
        {
            Model = new(
                new Dictionary<string, Network> { [ModelPackage.MainNetwork] = package.Tree() },
                new Dictionary<string, Weights> { [ModelPackage.MainNetwork] = package.ReadWeights() }),
            Validation = rows,
        });
    }

    private sealed class Told(List<string> messages) : Callback
    {
        public override void Message(string text) => messages.Add(text);
    }
}
