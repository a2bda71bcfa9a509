using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Decomposition;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Losses;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Tests.Decomposition;

[Collection("torch")]
public sealed class PcaRefusalTests
{
    private static readonly float[][] Rows = PcaSamples.Mixed(6, 8);

    [Fact]
    public void More_components_than_features_or_rows_are_refused_with_the_numbers()
    {
        var features = Assert.Throws<ShapeException>(() => PcaSamples.Fit(new Pca { Components = 9 }, Rows));
        Assert.Contains("9 components, but a row has 8 features", features.Message, StringComparison.Ordinal);
        var rows = Assert.Throws<ArgumentException>(() => PcaSamples.Fit(new Pca { Components = 7 }, Rows));
        Assert.Contains("7 components, but there are only 6 training rows", rows.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PcaSamples.Fit(new Pca { Components = 0 }, Rows));
        var six = PcaReport.Of(PcaSamples.Fit(new Pca { Components = 6 }, Rows))!;
        Assert.Equal(0, six.Variances[5], six.Variances[0] * 1e-12);
    }

    [Fact]
    public void Data_without_variance_is_refused()
    {
        var one = Assert.Throws<InvalidOperationException>(() => PcaSamples.Fit(new Pca { Components = 1 }, Rows[..1]));
        Assert.Contains("two training rows or more", one.Message, StringComparison.Ordinal);
        var equal = Assert.Throws<InvalidOperationException>(() => PcaSamples.Fit(new Pca(), [.. Enumerable.Repeat(Rows[0], 50)]));
        Assert.Contains("all 50 training rows are equal", equal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_must_be_of_a_known_and_bearable_number()
    {
        var many = Assert.Throws<ShapeException>(() => PcaSamples.Fit(new Pca(), [new float[Pca.MostFeatures + 1], new float[Pca.MostFeatures + 1]]));
        Assert.Contains("16385", many.Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => new Pca().Networks(new() { Input = Shape.Parse("int64[N, 4]") }));
        Assert.Throws<ShapeException>(() => new Pca().Networks(new() { Input = Shape.Parse("[N, T, 4]") }));
    }

    [Fact]
    public void Epochs_that_somebody_has_set_are_refused_and_the_default_is_one_pass()
    {
        foreach (int? epochs in new int?[] { null, 1 })
        {
            var result = new Recipe { Model = new Pca(), Training = PcaSamples.Training with { Epochs = epochs } }.Run(PcaSamples.Examples(Rows));
            Assert.Single(result.Reports[0].Epochs);
            Assert.Equal(1, result.Package.Manifest.Training!.Epochs);
        }

        foreach (var training in new[] { PcaSamples.Training with { Epochs = 50 }, PcaSamples.Training with { Stages = [new Fit { Epochs = 50 }] } })
        {
            var refused = Assert.Throws<ArgumentException>(() => PcaSamples.Fit(new Pca(), Rows, training));
            Assert.Contains("training.epochs is 50, but pca takes 1 pass", refused.Message, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string, TrainingOptions> Unused => new()
    {
        { "optimizer", new() { Optimizer = new Sgd() } },
        { "optimizer", new() { Optimizer = new Adam { LearningRate = 0.5 } } },
        { "schedule", new() { Schedule = new Cosine() } },
        { "loss", new() { Loss = new Huber() } },
        { "clipNorm", new() { ClipNorm = 1 } },
        { "earlyStopping", new() { EarlyStopping = new() } },
        { "restoreBestWeights", new() { RestoreBestWeights = true } },
        { "precision", new() { Precision = Precision.BFloat16 } },
    };

    [Theory]
    [MemberData(nameof(Unused))]
    public void Options_that_mean_nothing_are_refused(string name, TrainingOptions training)
    {
        var refused = Assert.Throws<ArgumentException>(() => PcaSamples.Fit(new Pca(), Rows, training));
        Assert.Contains($"training.{name} means nothing for pca", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_hooks_and_standardisation_by_others_are_refused()
    {
        var recipe = new Recipe { Model = new Pca(), Training = PcaSamples.Training };
        var rows = PcaSamples.Examples(Rows) with { Targets = Rows.Select(r => r[0]).ToArray() };
        Assert.Contains("without labels", Assert.Throws<ArgumentException>(() =>
            (recipe with { Task = new Regression() }).Run(rows)).Message, StringComparison.Ordinal);
        Assert.Contains("no stage can take part", Assert.Throws<ArgumentException>(() => (recipe with
        {
            Training = PcaSamples.Training with { Stages = [new Fit(), new ProximalL1()] },
        }).Run(PcaSamples.Examples(Rows))).Message, StringComparison.Ordinal);
        Assert.Contains("set standardize of pca", Assert.Throws<ArgumentException>(() =>
            (recipe with { Standardize = true }).Run(PcaSamples.Examples(Rows))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_is_none_says_so()
    {
        var package = PcaSamples.Fit(new Pca(), Rows);
        ModelPackage With(Dictionary<string, byte[]> assets) => new() { Manifest = package.Manifest, Graphs = package.Graphs, Assets = assets };
        Assert.Null(PcaReport.Of(With([])));
        Assert.Throws<InvalidDataException>(() => PcaReport.Of(With(new() { [PcaReport.Asset] = "{}"u8.ToArray() })));
    }
}
