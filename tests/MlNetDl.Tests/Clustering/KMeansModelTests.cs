using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Clustering;
using MlNetDl.Data;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Recipes;
using MlNetDl.Tests.Decomposition;

namespace MlNetDl.Tests.Clustering;

[Collection("torch")]
public sealed class KMeansModelTests : IDisposable
{
    private readonly MLContext ml = new(seed: 1);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Where_clusters_lie_apart_centres_distances_and_clusters_are_those_of_ML_NETs_own_model()
    {
        var data = View(Blobs());
        var own = ml.Clustering.Trainers.KMeansRestarts(3, restarts: 5).Run(data);
        using var fitted = Fit(new() { Clusters = 3 }, data);
        var (theirs, ours) = (own.Model.Transform(data), fitted.Transform(data));
        var names = ClusterMatch.Of(Keys(ours), Keys(theirs)).ClassOf;
        Assert.Equal(Keys(theirs), Keys(ours).Select(k => names[k]));
        foreach (var (a, b) in ours.GetColumn<float[]>("Score").Zip(theirs.GetColumn<float[]>("Score")))
        {
            Assert.All(a.Index(), d => Assert.Equal(b[names[d.Index + 1] - 1], d.Item, 1e-2));
        }

        Assert.Equal(own.Best.Inertia, KMeansReport.Of(fitted.Package)!.Best.Inertia, own.Best.Inertia * 1e-5);
        Assert.Equal([20L, 20, 20], KMeansReport.Of(fitted.Package)!.Sizes);
    }

    [Fact]
    public void Distances_are_those_of_the_centres_also_far_from_zero()
    {
        float[][] far = [.. Blobs().Select(r => r.Select(v => v + 20_000).ToArray())];
        using var fitted = Fit(new() { Clusters = 3 }, View(far));
        var centers = Centers(fitted.Package);
        foreach (var (row, score) in far.Zip(fitted.Transform(View(far)).GetColumn<float[]>("Score")))
        {
            Assert.All(score.Index(), d =>
            {
                double exact = row.Zip(centers[d.Index], (a, b) => Math.Pow((double)a - b, 2)).Sum();
                Assert.Equal(exact, d.Item, Math.Max(1e-6, exact * 1e-5));
            });
        }
    }

    [Fact]
    public void Figures_are_those_of_the_scores()
    {
        var data = View(PcaSamples.Digits());
        using var fitted = Fit(new() { Clusters = 10, Restarts = 3 }, data);
        var report = KMeansReport.Of(fitted.Package)!;
        var scores = fitted.Transform(data).GetColumn<float[]>("Score").ToList();
        Assert.Equal(report.Best.Inertia, scores.Sum(s => (double)s.Min()), report.Best.Inertia * 1e-5);
        Assert.Equal(500, report.Rows);
        var sizes = Keys(fitted.Transform(data)).CountBy(k => k).ToDictionary();
        Assert.All(report.Sizes.Index(), s => Assert.Equal(s.Item, sizes[s.Index + 1]));
        Assert.Equal(report.Runs.Min(r => r.Inertia), report.Best.Inertia);
        Assert.Equal(ml.Clustering.Report(fitted.Transform(data)).Silhouette!.Value, report.Silhouette!.Value, 1e-9);
    }

    [Fact]
    public void More_restarts_begin_with_the_same_runs_and_never_raise_the_inertia()
    {
        var data = View(PcaSamples.Digits());
        using var few = Fit(new() { Clusters = 10, Restarts = 2 }, data);
        using var many = Fit(new() { Clusters = 10, Restarts = 5 }, data);
        var (one, other) = (KMeansReport.Of(few.Package)!, KMeansReport.Of(many.Package)!);
        Assert.Equal(one.Runs, other.Runs.Take(2));
        Assert.True(other.Best.Inertia <= one.Best.Inertia);
    }

    [Fact]
    public void ML_NETs_evaluation_reads_its_columns_and_it_is_saved_as_every_other_transformer()
    {
        var data = View(PcaSamples.Digits());
        var trainer = ml.NeuralNetwork(null, new() { Network = new KMeans { Clusters = 4, Restarts = 2 } });
        var foretold = trainer.GetOutputSchema(MlNet.LabelTypesTests.ShapeOf(data.Schema));
        Assert.Contains(foretold, c => c.Name == "PredictedLabel" && c.IsKey);
        Assert.Contains(foretold, c => c.Name == "Score" && c.Kind == SchemaShape.Column.VectorKind.Vector);
        using var fitted = trainer.Fit(data);
        ml.Model.Save(fitted, data.Schema, folder["model.zip"]);
        var loaded = ml.Model.Load(folder["model.zip"], out _);
        var scored = loaded.Transform(data);
        Assert.Equal(fitted.Transform(data).GetColumn<float[]>("Score"), scored.GetColumn<float[]>("Score"));
        Assert.Equal(4ul, ((KeyDataViewType)scored.Schema["PredictedLabel"].Type).Count);
        double mean = ml.Clustering.Evaluate(scored, featureColumnName: "Features").AverageDistance;
        Assert.Equal(KMeansReport.Of(fitted.Package)!.Best.Inertia / 500, mean, mean * 1e-4);
    }

    [Fact]
    public void Labels_change_nothing()
    {
        var images = Datasets.Find("optdigits")!.Load(false).Take(200);
        ModelPackage Of(Examples rows) => new Recipe
        {
            Model = new KMeans { Clusters = 5, Restarts = 2 },
            Training = PcaSamples.Training,
        }.Run(rows).Package;
        var package = Of(images);
        Assert.Equal(package.Graphs[KMeans.NetworkName], Of(images with { Targets = null }).Graphs[KMeans.NetworkName]);
        Assert.Equal("[N, 1, 8, 8]", package.Manifest.Input.ToString());
    }

    [Fact]
    public void Standardised_features_need_no_common_unit()
    {
        float[][] rows = Blobs(), scaled = [.. rows.Select(r => new[] { r[0] * 1000, r[1] })];
        string Clusters(float[][] of, bool standardize)
        {
            using var fitted = Fit(new() { Clusters = 3, Standardize = standardize }, View(of));
            return string.Join(',', Keys(fitted.Transform(View(of))));
        }

        Assert.Equal(Clusters(rows, true), Clusters(scaled, true));
        Assert.NotEqual(Clusters(rows, false), Clusters([.. rows.Select(r => new[] { r[0] / 1000, r[1] })], false));
    }

    private static int[] Keys(IDataView scored) => [.. scored.GetColumn<uint>("PredictedLabel").Select(k => (int)k)];

    private static float[][] Centers(ModelPackage package)
    {
        var centers = package.ReadWeights()["distances.centers"];
        return [.. centers.Data.Chunk((int)centers.Dims[1])];
    }

    private NeuralNetworkTransformer Fit(KMeans model, IDataView data) =>
        ml.NeuralNetwork(null, new() { Network = model, Training = PcaSamples.Training }).Fit(data);

    // Three clusters of twenty, apart in both features.
    private static float[][] Blobs()
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, 60).Select(i => new[]
        {
            (i % 3 * 10) + random.NextSingle(),
            (i % 3 == 1 ? 8 : 0) + random.NextSingle(),
        })];
    }

    private IDataView View(float[][] rows)
    {
        var schema = SchemaDefinition.Create(typeof(PcaSamples.Row));
        (schema[0].ColumnType, schema[0].ColumnName) = (new VectorDataViewType(NumberDataViewType.Single, rows[0].Length), "Features");
        return ml.Data.LoadFromEnumerable(rows.Select(r => new PcaSamples.Row { Values = r }).ToList(), schema);
    }
}
