using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Clustering;
using MlNetDl.Data;
using MlNetDl.Decomposition;

namespace MlNetDl.Tests.Clustering;

[Collection("torch")]
public sealed class KMeansRestartsTests : IDisposable
{
    private const double Rounding = 1e-5;
    private readonly MLContext ml = new(seed: 1);
    private readonly TemporaryFolder folder = new();

    private static readonly Lazy<Digit[]> Digits = new(() =>
    {
        var images = Datasets.Find("optdigits")!.Load(false).Take(600);
        var values = new float[images.Count * 64];
        images.CopyTo(0, images.Count, values);
        return [.. values.Chunk(64).Select((f, i) => new Digit { Features = f, Kind = $"{((long[])images.Targets!)[i]}" })];
    });

    private IDataView Data => ml.Data.LoadFromEnumerable(Digits.Value);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_is_cancelled_while_it_goes()
    {
        var random = new Random(1);
        float[][] rows = [.. Enumerable.Range(0, 20_000).Select(_ => Enumerable.Range(0, 40).Select(_ => random.NextSingle()).ToArray())];
        int looks = 0;
        var runs = new KMeansRuns(200, Restarts: 1, Seed: 1)
        {
            // The first look is before the run, and twenty are for each reading of the rows.
            CheckAlive = () =>
            {
                if (Interlocked.Increment(ref looks) >= 100)
                {
                    throw new OperationCanceledException();
                }
            },
        };
        Assert.Throws<OperationCanceledException>(() => { runs.Of(rows); });
        // It ends where it was asked to, and not with the run.
        Assert.InRange(looks, 100, 101);
    }

    [Fact]
    public void More_restarts_never_raise_the_inertia_and_begin_with_the_same_runs()
    {
        var many = ml.Clustering.Trainers.KMeansRestarts(10, restarts: 6).Run(Data);
        double least = double.PositiveInfinity;
        for (int restarts = 1; restarts <= 6; restarts++)
        {
            var found = ml.Clustering.Trainers.KMeansRestarts(10, restarts).Run(Data);
            Assert.Equal(many.Runs.Take(restarts), found.Runs);
            Assert.True(found.Best.Inertia <= least);
            least = found.Best.Inertia;
        }

        Assert.True(many.Runs.Distinct().Count() > 1);
        Assert.Equal(many.Runs.Min(r => r.Inertia), many.Best.Inertia);
    }

    [Fact]
    public void More_iterations_of_one_seed_never_raise_the_inertia()
    {
        double before = double.PositiveInfinity;
        foreach (int iterations in new[] { 1, 2, 3, 5, 8, 20, 1000 })
        {
            double now = ml.Clustering.Trainers.KMeansRestarts(new KMeansRestartsOptions
            {
                Clusters = 10,
                Restarts = 1,
                MaxIterations = iterations,
            }).Run(Data).Best.Inertia;
            Assert.True(now <= before * (1 + Rounding), $"{now} after {before}");
            before = now;
        }
    }

    [Fact]
    public void The_best_model_is_kept_and_its_figures_are_those_of_its_centres()
    {
        var found = ml.Clustering.Trainers.KMeansRestarts(10, restarts: 4).Run(Data);
        var report = ml.Clustering.Report(found.Model.Transform(Data), classColumnName: "Kind");
        // Rows lie nearest to the means of their clusters, up to ML.NET's rounding.
        Assert.Equal(found.Best.Inertia, report.Inertia, found.Best.Inertia * 1e-3);
        Assert.Equal((600, 10, 600), (report.Rows, report.Clusters, report.SilhouetteRows));
        Assert.InRange(report.Match!.Accuracy, 0.6, report.Match.Purity);
        Assert.InRange(report.Silhouette!.Value, 0.1, 0.5);
        var distances = found.Model.Transform(Data).GetColumn<float[]>("Score").ToList();
        Assert.Equal(found.Best.Inertia, distances.Sum(d => (double)d.Min()), found.Best.Inertia * 1e-3);
    }

    [Fact]
    public void It_is_the_same_again_also_after_other_work_in_the_context()
    {
        var trainer = ml.Clustering.Trainers.KMeansRestarts(4, restarts: 2);
        var one = trainer.Run(Data);
        ml.Clustering.Trainers.KMeans(numberOfClusters: 3).Fit(Data);
        Assert.Equal(one.Runs, trainer.Run(Data).Runs);
        Assert.Equal(one.Runs, new MLContext(1).Clustering.Trainers.KMeansRestarts(4, restarts: 2).Run(Data).Runs);
        Assert.NotEqual(one.Runs[0].Seed, new MLContext(5).Clustering.Trainers.KMeansRestarts(4, restarts: 2).Run(Data).Runs[0].Seed);
    }

    [Fact]
    public void It_chains_behind_a_decomposition_and_is_saved()
    {
        var chain = ml.Transforms.Pca(8).Append(ml.Clustering.Trainers.KMeansRestarts(10, 3, Pca.ComponentColumn));
        Assert.Contains(chain.GetOutputSchema(MlNet.LabelTypesTests.ShapeOf(Data.Schema)), c => c.Name == "PredictedLabel" && c.IsKey);
        var fitted = chain.Fit(Data);
        ml.Model.Save(fitted, Data.Schema, folder["model.zip"]);
        var loaded = ml.Model.Load(folder["model.zip"], out _);
        Assert.Equal(fitted.Transform(Data).GetColumn<uint>("PredictedLabel"), loaded.Transform(Data).GetColumn<uint>("PredictedLabel"));
        var report = ml.Clustering.Report(loaded.Transform(Data), Pca.ComponentColumn, "Kind");
        Assert.InRange(report.Match!.Accuracy, 0.6, 1);
    }

    [Fact]
    public void An_elbow_has_a_row_for_each_number_of_clusters()
    {
        var random = new Random(3);
        var blobs = Enumerable.Range(0, 240)
            .Select(i => new Point { Features = [(i % 3 * 10) + random.NextSingle(), (i % 3 == 1 ? 8 : 0) + random.NextSingle()] });
        var elbow = ml.Clustering.Elbow(ml.Data.LoadFromEnumerable(blobs), 1, 6, silhouetteRows: 90);
        Assert.Equal([1, 2, 3, 4, 5, 6], elbow.Select(r => r.Clusters));
        Assert.All(elbow.Zip(elbow.Skip(1)), p => Assert.True(p.Second.Inertia <= p.First.Inertia));
        Assert.Null(elbow[0].Silhouette);
        Assert.Equal(3, elbow.MaxBy(r => r.Silhouette)!.Clusters);
        Assert.All(elbow.Skip(1), r => Assert.Equal(90, r.SilhouetteRows));
        Assert.Throws<ArgumentOutOfRangeException>(() => ml.Clustering.Elbow(Data, 4, 3));
    }

    [Fact]
    public void More_clusters_than_different_rows_are_refused_with_the_numbers()
    {
        IDataView Points(params float[] values) => ml.Data.LoadFromEnumerable(values.Select(v => new Point { Features = [v, 1] }));
        string Refused(int clusters, IDataView data) =>
            Assert.Throws<ArgumentException>(() => ml.Clustering.Trainers.KMeansRestarts(clusters, 2).Fit(data)).Message;
        Assert.Contains("5 clusters, but the 3 usable rows have only 3 different", Refused(5, Points(1, 2, 3)), StringComparison.Ordinal);
        Assert.Contains("2 clusters, but the 4 usable rows have only 1 different", Refused(2, Points(7, 7, 7, 7)), StringComparison.Ordinal);
        var constant = ml.Clustering.Trainers.KMeansRestarts(1, 2).Run(Points(7, 7, 7, 7));
        Assert.Equal(0, constant.Best.Inertia, 1e-9);
        var three = ml.Clustering.Trainers.KMeansRestarts(3, 2).Run(Points(1, 2, 3, float.NaN, float.PositiveInfinity));
        Assert.Equal((3L, 2L), (three.Rows, three.Skipped));
        Assert.Equal(0, three.Best.Inertia, 1e-9);
        Assert.Throws<ArgumentException>(() => ml.Clustering.Trainers.KMeansRestarts(0));
        Assert.Throws<ArgumentException>(() => ml.Clustering.Trainers.KMeansRestarts(2, restarts: 0));
    }

    [Fact]
    public void Columns_that_do_not_suit_are_named()
    {
        Assert.Contains("no column 'Values'; the data has Features, Kind", Assert.Throws<ArgumentException>(() =>
            ml.Clustering.Trainers.KMeansRestarts(2, featureColumnName: "Values").Fit(Data)).Message, StringComparison.Ordinal);
        Assert.Contains("expected a vector of Single", Assert.Throws<ArgumentException>(() =>
            ml.Clustering.Trainers.KMeansRestarts(2, featureColumnName: "Kind").Fit(Data)).Message, StringComparison.Ordinal);
        Assert.Contains("no column 'PredictedLabel'", Assert.Throws<ArgumentException>(() => ml.Clustering.Report(Data)).Message, StringComparison.Ordinal);
    }

    private sealed class Digit
    {
        [VectorType(64)]
        public float[] Features { get; set; } = [];

        public string Kind { get; set; } = "";
    }

    private sealed class Point
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
