using MlNetDl.Clustering;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Decomposition;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using KMeans = MlNetDl.Clustering.KMeans;

namespace MlNetDl.Tests.Clustering;

[Collection("torch")]
public sealed class KMeansRefusalTests
{
    private static readonly float[][] Rows = PcaSamples.Mixed(6, 3);

    [Fact]
    public void More_clusters_than_different_rows_are_refused_with_the_numbers()
    {
        Assert.Contains("7 clusters, but the 6 usable rows have only 6 different", Refused(new() { Clusters = 7 }, Rows), StringComparison.Ordinal);
        float[][] constant = [.. Enumerable.Repeat(Rows[0], 9)];
        Assert.Contains("2 clusters, but the 9 usable rows have only 1 different", Refused(new() { Clusters = 2 }, constant), StringComparison.Ordinal);
        var report = KMeansReport.Of(Fit(new() { Clusters = 1 }, constant))!;
        Assert.Null(report.Silhouette);
        Assert.Equal(0, report.Best.Inertia, 1e-6);
        Assert.Equal(0, KMeansReport.Of(Fit(new() { Clusters = 6 }, Rows))!.Best.Inertia, 1e-6);
    }

    [Fact]
    public void No_clusters_and_no_restarts_are_refused()
    {
        Assert.Contains("Clusters", Refused(new() { Clusters = 0 }, Rows), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Restarts", Refused(new() { Restarts = 0 }, Rows), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Rows_with_weights_are_refused_and_infinite_ones_too()
    {
        var recipe = new Recipe { Model = new KMeans { Clusters = 2 }, Training = PcaSamples.Training };
        var weighted = PcaSamples.Examples(Rows) with { Weights = [1, 2, 1, 1, 1, 1] };
        Assert.Contains("have weights", Assert.Throws<ArgumentException>(() => recipe.Run(weighted)).Message, StringComparison.Ordinal);
        float[][] broken = [.. Rows, [float.PositiveInfinity, 0, 0]];
        Assert.ThrowsAny<Exception>(() => recipe.Run(PcaSamples.Examples(broken)));
    }

    [Fact]
    public void Options_that_mean_nothing_labels_and_hooks_are_refused()
    {
        Assert.Contains("training.optimizer means nothing for kMeans", Refused(new(), Rows, new() { Optimizer = new Sgd() }), StringComparison.Ordinal);
        Assert.Contains("takes 1 pass", Refused(new(), Rows, new() { Epochs = 50 }), StringComparison.Ordinal);
        Assert.Contains("no stage can take part", Refused(new(), Rows, new() { Stages = [new Fit(), new ProximalL1()] }), StringComparison.Ordinal);
        var labelled = PcaSamples.Examples(Rows) with { Targets = Rows.Select(r => r[0]).ToArray() };
        var recipe = new Recipe { Model = new KMeans(), Training = PcaSamples.Training, Task = new Regression() };
        Assert.Contains("without labels", Assert.Throws<ArgumentException>(() => recipe.Run(labelled)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_and_rows_of_unknown_length_are_refused()
    {
        Assert.Throws<ShapeException>(() => new KMeans().Networks(new() { Input = Shape.Parse("int64[N, 4]") }));
        Assert.Throws<ShapeException>(() => new KMeans().Networks(new() { Input = Shape.Parse("[N, T, 4]") }));
    }

    [Fact]
    public void A_report_that_is_none_says_so()
    {
        var package = Fit(new() { Clusters = 2 }, Rows);
        ModelPackage With(Dictionary<string, byte[]> assets) => new() { Manifest = package.Manifest, Graphs = package.Graphs, Assets = assets };
        Assert.Null(KMeansReport.Of(With([])));
        Assert.Throws<InvalidDataException>(() => KMeansReport.Of(With(new() { [KMeansReport.Asset] = "{}"u8.ToArray() })));
    }

    private static string Refused(KMeans model, float[][] rows, TrainingOptions? training = null) =>
        Assert.Throws<ArgumentException>(() => Fit(model, rows, training)).Message;

    private static ModelPackage Fit(KMeans model, float[][] rows, TrainingOptions? training = null) =>
        new Recipe { Model = model, Training = training ?? PcaSamples.Training }.Run(PcaSamples.Examples(rows)).Package;
}
