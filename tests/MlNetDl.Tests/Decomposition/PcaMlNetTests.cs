using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Decomposition;
using MlNetDl.MlNet;
using MlNetDl.Models;

namespace MlNetDl.Tests.Decomposition;

[Collection("torch")]
public sealed class PcaMlNetTests : IDisposable
{
    private readonly MLContext ml = new(seed: 1);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void It_chains_and_is_saved_as_every_other_transformer()
    {
        var data = Rows(PcaSamples.Digits());
        var chain = ml.Transforms.Pca(5).Append(ml.Clustering.Trainers.KMeans(Pca.ComponentColumn, numberOfClusters: 4));
        var fitted = chain.Fit(data);
        ml.Model.Save(fitted, data.Schema, folder["model.zip"]);
        var loaded = ml.Model.Load(folder["model.zip"], out _);
        foreach (var column in new[] { Pca.ComponentColumn, "Score" })
        {
            var (one, other) = (fitted.Transform(data).GetColumn<float[]>(column), loaded.Transform(data).GetColumn<float[]>(column));
            Assert.Equal(one, other);
        }

        var network = ((TransformerChain<ITransformer>)loaded).First();
        Assert.Equal(64, PcaReport.Of(((NeuralNetworkTransformer)network).Package)!.Variances.Count);
        Assert.Equal(4, fitted.Transform(data).GetColumn<uint>("PredictedLabel").Distinct().Count());
    }

    [Fact]
    public void The_estimator_foretells_its_column()
    {
        var data = Rows(PcaSamples.Digits(50));
        var trainer = ml.Transforms.Pca(new Pca { Components = 3 });
        var foretold = trainer.GetOutputSchema(MlNet.LabelTypesTests.ShapeOf(data.Schema));
        var column = Assert.Single(foretold, c => c.Name == Pca.ComponentColumn);
        Assert.Equal(SchemaShape.Column.VectorKind.Vector, column.Kind);
        using var fitted = trainer.Fit(data);
        Assert.Equal(3, ((VectorDataViewType)fitted.Transform(data).Schema[Pca.ComponentColumn].Type).Size);
        using var whole = fitted.WithGraph(Pca.Reconstruct);
        Assert.Equal(64, whole.Transform(data).GetColumn<float[]>(Pca.ReconstructionColumn).First().Length);
    }

    [Fact]
    public void The_decoder_reads_codes_from_the_column_that_is_named()
    {
        var data = Rows(PcaSamples.Digits(50));
        using var fitted = ml.Transforms.Pca(3).Fit(data);
        var codes = fitted.Transform(data);
        var expected = fitted.Decoder().Transform(codes).GetColumn<float[]>(Pca.ReconstructionColumn).First();
        var renamed = ml.Transforms.CopyColumns("Code", Pca.ComponentColumn).Append(ml.Transforms.DropColumns(Pca.ComponentColumn)).Fit(codes).Transform(codes);
        using var decoder = fitted.Decoder("Code");
        Assert.Equal(expected, decoder.Transform(renamed).GetColumn<float[]>(Pca.ReconstructionColumn).First());
    }

    [Fact]
    public void A_trainer_a_recipe_and_a_stream_find_the_same()
    {
        var rows = PcaSamples.Digits();
        var recipe = PcaSamples.Fit(new Pca { Components = 7 }, rows);
        foreach (int budget in new[] { 1024, 0 })
        {
            using var fitted = ml.NeuralNetwork(null, new()
            {
                Network = new Pca { Components = 7 },
                Training = PcaSamples.Training with { MemoryBudgetMB = budget, ShuffleBuffer = 40 },
            }).Fit(Rows(rows));
            Assert.All(PcaReport.Of(fitted.Package)!.Variances.Zip(PcaReport.Of(recipe)!.Variances), p => Assert.Equal(p.First, p.Second, 1e-9));
            Assert.All(PcaSamples.Axes(fitted.Package).Zip(PcaSamples.Axes(recipe)), p => Assert.All(p.First.Zip(p.Second), q =>
                Assert.Equal(q.First, q.Second, 1e-6)));
        }
    }

    [Fact]
    public void Rows_with_a_missing_value_are_left_out()
    {
        var rows = PcaSamples.Digits(100);
        var broken = rows.Append([float.NaN, .. rows[0].Skip(1)]).ToArray();
        using var fitted = ml.Transforms.Pca(2).Fit(Rows(broken));
        Assert.Equal(100, PcaReport.Of(fitted.Package)!.Rows);
    }

    [Fact]
    public void Images_are_vectors_of_their_pixels()
    {
        var images = Datasets.Find("optdigits")!.Load(false).Take(200);
        var package = new MlNetDl.Recipes.Recipe { Model = new Pca { Components = 4 }, Training = PcaSamples.Training }.Run(images).Package;
        var vectors = PcaSamples.Fit(new Pca { Components = 4 }, PcaSamples.Digits(200));
        Assert.Equal(PcaSamples.Axes(vectors), PcaSamples.Axes(package));
        Assert.Equal("[N, 1, 8, 8]", package.Manifest.Input.ToString());
    }

    // ML.NET's decomposition is randomised, and near the exact one where few directions hold most of the variance.
    [Fact]
    public void The_randomised_one_of_ML_NET_explains_nearly_as_much()
    {
        var rows = PcaSamples.Digits();
        var report = PcaReport.Of(PcaSamples.Fit(new Pca { Components = 10 }, rows))!;
        var made = ml.Transforms.ProjectToPrincipalComponents("Components", "Features", rank: 10, seed: 1).Fit(Rows(rows)).Transform(Rows(rows))
            .GetColumn<float[]>("Components").ToArray();
        double explained = Enumerable.Range(0, 10).Sum(k =>
        {
            double mean = made.Average(m => m[k]);
            return made.Sum(m => Math.Pow(m[k] - mean, 2)) / (rows.Length - 1);
        });
        double ratio = explained / report.Variances.Sum(), exact = report.ExplainedVarianceRatio.Sum();
        Assert.InRange(ratio, exact - 0.02, exact + 1e-6);
    }

    private IDataView Rows(float[][] rows) => ml.Data.LoadFromEnumerable(rows.Select(r => new Digit { Features = r }).ToList());

    private sealed class Digit
    {
        [VectorType(64)]
        public float[] Features { get; set; } = [];
    }
}
