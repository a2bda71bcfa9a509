using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Training;

namespace MlNetDl.Extensions.Tests;

public sealed partial class VaeTests : IDisposable
{
    private static readonly Vae Model = new() { Latent = 6, Peak = 16 };
    private static readonly Lazy<RecipeResult> Trained = new(() => Recipe(20).Run(TestData.Digits(1000)));
    private readonly TemporaryFolder folder = new();

    private static ModelPackage Package => Trained.Value.Package;

    private static Recipe Recipe(int epochs) =>
        new() { Model = Model, Training = TestData.Training(epochs) with { ValidationFraction = 0.1 } };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Trained_without_labels_it_reconstructs_far_better_than_the_mean_image()
    {
        var report = Assert.Single(Trained.Value.Reports);
        Assert.Equal(["loss", "reconstruction", "divergence"], report.Epochs[0].Validation.Keys);
        Assert.True(report.Epochs[^1].Validation["loss"] < report.Epochs[0].Validation["loss"]);
        Assert.Null(Package.Manifest.Task);

        var digits = TestData.Digits(300, test: true);
        var truth = Pixels(digits);
        var ml = new MLContext(1);
        using var whole = NeuralNetworkTransformer.Of(ml, Package, Vae.Reconstruct);
        var made = Made(whole.Transform(Images(ml, whole, digits)));
        var mean = Enumerable.Range(0, 64).Select(k => truth.Where((_, i) => i % 64 == k).Average()).ToArray();
        double error = made.Zip(truth).Average(p => Math.Pow(p.First - p.Second, 2)),
            meanError = truth.Select((t, i) => Math.Pow(t - mean[i % 64], 2)).Average();
        Assert.True(error < 0.55 * meanError, $"{error} against {meanError}");
    }

    [Fact]
    public void Its_three_graphs_agree_and_store_each_weight_once()
    {
        var bytes = Package.ToBytes();
        var read = ModelPackage.Read(bytes);
        Assert.Equal([Vae.Encode, Vae.Decode, Vae.Reconstruct], read.Manifest.Graphs.Select(g => g.Name));
        var ml = new MLContext(1);
        var digits = TestData.Digits(50, test: true);
        using var encode = NeuralNetworkTransformer.Of(ml, read);
        using var decode = encode.WithGraph(Vae.Decode);
        using var reconstruct = encode.WithGraph(Vae.Reconstruct);
        var codes = encode.Transform(Images(ml, encode, digits)).GetColumn<float[]>(Vae.LatentColumn).ToArray();
        Assert.Equal(encode.Score(digits), codes.SelectMany(c => c));
        var pixels = Made(decode.Transform(Codes(ml, codes)));
        Assert.All(pixels.Zip(Made(reconstruct.Transform(Images(ml, reconstruct, digits)))), p => Assert.Equal(p.First, p.Second, 5));

        // Encoder and decoder stand in two graphs each; the manifest and the graphs' nodes are what is beside.
        long weights = read.ReadWeights().Sum(w => 4L * w.Data.Length), graphs = read.Graphs.Sum(g => (long)g.Value.Length);
        Assert.True(graphs > 1.9 * weights);
        Assert.True(bytes.Length < weights + 20_000, $"{bytes.Length} bytes for {weights} of weights");
        Assert.Empty(read.TrainingWeights);
    }

    [Fact]
    public void Samples_follow_from_a_seed()
    {
        var ml = new MLContext(1);
        using var decode = NeuralNetworkTransformer.Of(ml, Package, Vae.Decode);
        Assert.Equal(Sample(4), Sample(4));
        Assert.NotEqual(Sample(4), Sample(5));
        Assert.All(Sample(4), p => Assert.InRange(p, 0, 1));

        float[] Sample(int seed)
        {
            var random = new Random(seed);
            var codes = Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, Model.Latent).Select(_ => Normal(random)).ToArray());
            return Made(decode.Transform(Codes(ml, codes)));
        }
    }

    [Fact]
    public void In_a_pipeline_clustering_reads_the_code_and_the_zip_gives_the_same()
    {
        var ml = new MLContext(1);
        var digits = TestData.Digits(500);
        var data = TestData.Rows(ml, digits);
        var options = new NeuralNetworkOptions { Network = Model, Training = TestData.Training(8) };
        var model = ml.NeuralNetwork(null, options).Append(ml.Clustering.Trainers.KMeans(Vae.LatentColumn, numberOfClusters: 10)).Fit(data);
        ml.Model.SaveAtomically(model, data.Schema, folder["model.zip"]);
        var loaded = ml.Model.Load(folder["model.zip"], out _);
        var clusters = model.Transform(data).GetColumn<uint>("PredictedLabel").ToArray();
        Assert.Equal(clusters, loaded.Transform(data).GetColumn<uint>("PredictedLabel").ToArray());
        // Digits of one cluster are mostly one digit: by chance a tenth would be.
        double purity = clusters.Zip((long[])digits.Targets!)
            .GroupBy(p => p.First)
            .Sum(g => g.GroupBy(p => p.Second).Max(d => d.Count()))
            / (double)digits.Count;
        Assert.InRange(purity, 0.4, 1);

        using var engine = ml.Model.CreatePredictionEngine<DigitRow, Clustered>(loaded);
        var features = new float[64];
        digits.CopyTo(3, 1, features);
        var one = engine.Predict(new() { Features = features });
        Assert.Equal(clusters[3], one.PredictedLabel);
        Assert.Equal(loaded.Transform(data).GetColumn<float[]>(Vae.LatentColumn).ElementAt(3), one.Latent);
    }

    [Fact]
    public void A_saved_transformer_remembers_which_graph_it_runs()
    {
        var ml = new MLContext(1);
        using var decode = NeuralNetworkTransformer.Of(ml, Package, Vae.Decode);
        var codes = Codes(ml, [new float[Model.Latent], [1, 0, 0, 0, 0, -1]]);
        ml.Model.SaveAtomically(decode, codes.Schema, folder["decode.zip"]);
        var loaded = ml.Model.Load(folder["decode.zip"], out var schema);
        Assert.NotNull(schema.GetColumnOrNull(Vae.LatentColumn));
        Assert.Equal(
            decode.Transform(codes).GetColumn<float[]>(Vae.PixelColumn).ToArray(),
            loaded.Transform(codes).GetColumn<float[]>(Vae.PixelColumn).ToArray());
        Assert.Throws<ArgumentException>(() => decode.WithGraph("decod"));
    }

    [Fact]
    public void Streamed_without_labels_it_trains_as_well()
    {
        var ml = new MLContext(1);
        var data = TestData.Rows(ml, TestData.Digits(200));
        var options = new NeuralNetworkOptions
        {
            Network = Model,
            Training = TestData.Training(2) with { MemoryBudgetMB = 0, ValidationFraction = 0.2 },
        };
        using var model = ml.NeuralNetwork(null, options).Fit(data);
        Assert.True(model.TrainingReport!.Epochs[1].Training["loss"] < model.TrainingReport.Epochs[0].Training["loss"]);
        Assert.Contains("divergence", model.TrainingReport.Epochs[1].Validation.Keys);
    }

    [Fact]
    public void It_is_continued_from_with_the_network_unset_and_keeps_its_standardisation()
    {
        var frozen = TestData.Training(1) with { Optimizer = new Training.Optimizers.Sgd { LearningRate = 1e-30 } };
        var digits = TestData.Digits(100, test: true);
        var continued = new Recipe { ContinueFrom = ModelPackage.Read(Package.ToBytes()), Training = frozen }.Run(digits).Package;
        Assert.Equal(Package.Graphs[Vae.Encode], continued.Graphs[Vae.Encode]);
        Assert.Equal(Package.Graphs[Vae.Decode], continued.Graphs[Vae.Decode]);
        var named = new Recipe
        {
            Model = Model,
            ContinueFrom = Package,
            Training = frozen,
        }
            .Run(digits).Package;
        Assert.Equal(Package.Graphs[Vae.Encode], named.Graphs[Vae.Encode]);
    }

    [Fact]
    public void Its_stages_average_it_and_a_resumed_training_leaves_the_same_bytes()
    {
        var recipe = Recipe(2) with { Training = TestData.Training(2) with { Stages = [new Fit(), new WeightAveraging { Turns = 2 }] } };
        var whole = recipe.Run(TestData.Digits()).Package;
        using var stop = new CancellationTokenSource();
        var interrupted = recipe with
        {
            CheckpointPath = folder["checkpoint"],
            Stop = stop.Token,
            Callbacks = [new CancelIn(3, stop)],
        };
        Assert.ThrowsAny<OperationCanceledException>(() => interrupted.Run(TestData.Digits()));
        Assert.Equal(whole.ToBytes(), (recipe with { CheckpointPath = folder["checkpoint"] }).Run(TestData.Digits()).Package.ToBytes());
    }

    [Fact]
    public void A_finished_training_is_not_made_longer_as_the_warm_up_depends_on_the_length()
    {
        var recipe = Recipe(1) with { CheckpointPath = folder["checkpoint"] };
        recipe.Run(TestData.Digits(200));
        var longer = recipe with { Training = recipe.Training with { Epochs = 2 } };
        Assert.Throws<InvalidDataException>(() => longer.Run(TestData.Digits(200)));
    }

    [Fact]
    public void Yaml_binds_its_parts_and_a_run_leaves_a_model()
    {
        File.WriteAllText(folder["v.yaml"], """
            name: digits-vae
            data: { dataset: optdigits }
            network: { type: ownVae, latent: 4, peak: 16, encoder: { type: mlp, hidden: [48] }, decoder: { type: mlp, hidden: [24, 48] } }
            training: { epochs: 2, threads: 1, validationFraction: 0.1, monitor: reconstruction }
            """);
        var experiment = Experiment.Load(folder["v.yaml"]);
        Assert.Null(experiment.Task);
        Assert.Equal(new Mlp { Hidden = [24, 48] }, Assert.IsType<Vae>(experiment.Network).Decoder);
        var result = new ExperimentRunner(folder["run"]).Run(experiment);
        Assert.Contains("divergence", result.Metrics.Train.Keys);
        Assert.Contains("divergence", result.Metrics.Validation.Keys);
        Assert.Empty(result.Metrics.Test);
        // A run that is done is only reported, from the same configuration.
        Assert.Equal(
            result.ToJson(),
            new ExperimentRunner(folder["run"]).Run(Experiment.Load(folder["run/config.resolved.yaml"])).ToJson());

        var ml = new MLContext(1);
        var loaded = ml.Model.Load(folder["run/model.zip"], out _);
        using var network = NeuralNetworkTransformer.Load(ml, folder["run/model.zip"]);
        var images = Images(ml, network, TestData.Digits(5));
        Assert.All(loaded.Transform(images).GetColumn<float[]>(Vae.LatentColumn), code => Assert.Equal(4, code.Length));
    }

    [Fact]
    public void A_table_without_labels_is_encoded_from_yaml()
    {
        File.WriteAllText(folder["v.yaml"], $$"""
            name: table-vae
            data: { csv: '{{TestData.File("diabetes")}}', ignore: [progression] }
            network: { type: ownVae, latent: 2, peak: 1000, encoder: { type: mlp, hidden: [8] } }
            training: { epochs: 1, threads: 1 }
            """);
        new ExperimentRunner(folder["run"]).Run(Experiment.Load(folder["v.yaml"]));
        var ml = new MLContext(1);
        var model = ml.Model.Load(folder["run/model.zip"], out var schema);
        Assert.Null(schema.GetColumnOrNull("progression"));
        Assert.Contains("age", schema.Select(c => c.Name));
    }

    [Theory]
    [InlineData("latnet: 4", "network.latnet", "latent")]
    [InlineData("encoder: { type: mlp, hiden: [8] }", "network.encoder.hiden", "hidden")]
    [InlineData("encoder: { type: ownVae }", "network.encoder", "NetworkSpec")]
    public void Yaml_with_a_wrong_key_says_where_and_what_was_meant(string key, string path, string hint)
    {
        File.WriteAllText(folder["v.yaml"], $$"""
            name: vae
            data: { dataset: optdigits }
            network: { type: ownVae, {{key}} }
            """);
        var e = Assert.Throws<ConfigurationException>(() => Experiment.Load(folder["v.yaml"]));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(hint, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_nothing_to_evaluate_which_is_said()
    {
        var ml = new MLContext(1);
        using var network = NeuralNetworkTransformer.Of(ml, Package);
        ml.Model.SaveAtomically(network, null, folder["model.zip"]);
        var e = Assert.Throws<InvalidDataException>(() => Evaluator.Evaluate(folder["model.zip"], "optdigits"));
        Assert.Contains("without labels", e.Message, StringComparison.Ordinal);
    }
}
