using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tests.Training;
using MlNetDl.Training;
using MlNetDl.Training.Losses;

namespace MlNetDl.Tests.Generative;

/// <summary>Variational autoencoders of digits.</summary>
[Collection("torch")]
public sealed class VaeTests : IDisposable
{
    private static readonly Vae Model = new()
    {
        Latent = 6,
        Peak = 16,
        Encoder = new Mlp { Hidden = [48] },
        Decoder = new Mlp { Hidden = [48] },
        Likelihood = new Bernoulli { Binarize = Binarization.Static },
    };

    private static readonly TrainingOptions Options = new()
    {
        Epochs = 12,
        BatchSize = 64,
        Seed = 1,
        Threads = 1,
        ValidationFraction = 0.1,
        Optimizer = new MlNetDl.Training.Optimizers.Adam { LearningRate = 0.003 },
    };

    private static readonly Examples Digits = Datasets.Find("optdigits")!.Load(false).Take(1200), Test = Datasets.Find("optdigits")!.Load(true).Take(300);
    private static readonly Lazy<RecipeResult> Trained = new(() => Run(Model));
    private readonly TemporaryFolder folder = new();

    private static ModelPackage Package => Trained.Value.Package;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_bound_rises_and_its_parts_add_up()
    {
        var epochs = Trained.Value.Reports.Single().Epochs;
        var (first, last) = (epochs[0].Validation, epochs[^1].Validation);
        Assert.Equal(["loss", "negativeElbo", "reconstruction", "divergence", "activeUnits"], last.Keys);
        Assert.True(last["negativeElbo"] < 0.85 * first["negativeElbo"]);
        Assert.Equal(last["negativeElbo"], last["reconstruction"] + last["divergence"], 1e-6);
        Assert.Equal(last["loss"], last["negativeElbo"], 1e-9);
        Assert.InRange(last["activeUnits"], 2, 6);
        // Fair coins need 64·log 2 nats.
        Assert.InRange(last["negativeElbo"], 5, 64 * Math.Log(2));
    }

    [Fact]
    public void The_likelihood_rises_with_the_number_of_samples_above_the_bound()
    {
        using var model = VaeModel.Of(Package);
        var found = new[] { 1, 10, 100 }.Select(k => model.Likelihood(Test, k)).ToList();
        Assert.Equal(found[0].NegativeElbo, found[0].NegativeLogLikelihood, 1e-9);
        Assert.True(found[0].NegativeLogLikelihood > found[1].NegativeLogLikelihood && found[1].NegativeLogLikelihood > found[2].NegativeLogLikelihood);
        // One draw a row and a hundred estimate the same bound, and torch's evaluation a like one.
        Assert.Equal(found[0].NegativeElbo, found[2].NegativeElbo, 1.0);
        Assert.Equal(Trained.Value.Reports.Single().Epochs[^1].Validation["negativeElbo"], found[2].NegativeElbo, 3.0);
        Assert.Equal(6, found[2].DivergenceByValue.Count);
        Assert.All(found[2].DivergenceByValue, d => Assert.True(d >= 0));
        Assert.InRange(found[2].StandardError, 0.05, 2);
        Assert.Equal(found[1], model.Likelihood(Test, 10) with { DivergenceByValue = found[1].DivergenceByValue });
    }

    /// <summary>A decoder that ignores its code: the likelihood is exact, whatever is drawn.</summary>
    [Fact]
    public void Without_a_code_the_likelihood_is_that_of_the_pixels()
    {
        var spec = Model with { Latent = 1, Kl = new Beta { Weight = 1000 } };
        using var model = VaeModel.Of(Run(spec, Options with { Epochs = 4 }).Package);
        var (one, many) = (model.Likelihood(Test, 1), model.Likelihood(Test, 50));
        Assert.Equal(one.NegativeLogLikelihood, many.NegativeLogLikelihood, 0.5);
        Assert.Equal(0, many.ActiveUnits);
        Assert.InRange(many.DivergenceByValue[0], 0, 0.01);
    }

    [Fact]
    public void It_chains_and_a_seed_gives_the_same_rows_everywhere()
    {
        var ml = new MLContext(1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new Row { Features = Values(Digits, i) }));
        var options = new NeuralNetworkOptions { Network = Model, Training = Options with { Epochs = 2, ValidationFraction = 0 } };
        var chain = ml.Generation().Trainers.NeuralNetwork(options).Append(ml.Clustering.Trainers.KMeans(Vae.LatentColumn, numberOfClusters: 5));
        var fitted = chain.Fit(rows);
        ml.Model.SaveAtomically(fitted, rows.Schema, folder["model.zip"]);
        var loaded = ml.Model.Load(folder["model.zip"], out _);
        Assert.Equal(fitted.Transform(rows).GetColumn<uint>("PredictedLabel"), loaded.Transform(rows).GetColumn<uint>("PredictedLabel"));

        using var network = NeuralNetworkTransformer.Load(new MLContext(), folder["model.zip"]);
        var made = network.Generate(5, seed: 3);
        Assert.All(made, row => Assert.Equal(64, row.Length));
        Assert.All(made.SelectMany(r => r), v => Assert.InRange(v, 0, 16));
        using var vae = VaeModel.Of(network.Package);
        Assert.Equal(made.SelectMany(r => r), vae.Generate(5, 3));
        Assert.NotEqual(vae.Generate(5, 3), vae.Generate(5, 4));
        // The first rows of many are those of few, and a decoder in a pipeline gives them too.
        Assert.Equal(vae.Generate(5, 3).Take(128), vae.Generate(2, 3), (a, b) => Math.Abs(a - b) < 1e-4);
        var codes = Model.Prior.Sample(5, 6, new Random(3)).Chunk(6).Select(c => new Code { Latent = c });
        Assert.Equal(
            made.SelectMany(r => r),
            network.Decoder().Transform(ml.Data.LoadFromEnumerable(codes)).GetColumn<float[]>(Vae.GeneratedColumn).SelectMany(r => r),
            (a, b) => Math.Abs(a - b) < 1e-4);
        // Codes of another name, also behind a save.
        var renamed = ml.Transforms.CopyColumns("Code", "Latent").Append(ml.Transforms.SelectColumns("Code")).Fit(network.Transform(rows));
        using var decoder = network.Decoder("Code");
        ml.Model.SaveAtomically(decoder, renamed.Transform(network.Transform(rows)).Schema, folder["decoder.zip"]);
        var again = ml.Model.Load(folder["decoder.zip"], out _).Transform(renamed.Transform(network.Transform(rows)));
        Assert.Equal(
            network.Decoder().Transform(network.Transform(rows)).GetColumn<float[]>(Vae.GeneratedColumn).First(),
            again.GetColumn<float[]>(Vae.GeneratedColumn).First());
        Assert.Equal(
            vae.Decode(vae.Encode(Values(Digits, 0)).Means),
            network.Reconstruction().Transform(rows).GetColumn<float[]>(Vae.GeneratedColumn).First(),
            (a, b) => Math.Abs(a - b) < 1e-3);
        var likelihood = ml.Generation().Evaluate(network, rows, samples: 3);
        Assert.Equal((200, 3), (likelihood.Rows, likelihood.Samples));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_interrupted_training_that_goes_on_leaves_the_same_bytes(int samples)
    {
        var spec = Model with { Samples = samples, Likelihood = new Bernoulli { Binarize = Binarization.Dynamic } };
        if (samples == 1)
        {
            spec = spec with { Kl = new Beta { WarmUp = 0.5 } };
        }

        var options = Options with { Epochs = 2 };
        var whole = Run(spec, options).Package;
        using var stop = new CancellationTokenSource();
        var recipe = new Recipe { Model = spec, Training = options, CheckpointPath = folder["checkpoint"] };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            (recipe with { Stop = stop.Token, Callbacks = [new CancelAfter(20, stop)] }).Run(Digits));
        var resumed = recipe.Run(Digits);
        Assert.Equal(whole.ToBytes(), resumed.Package.ToBytes());
        // More codes make a tighter bound of the same model.
        var judged = resumed.Reports[^1].Epochs[^1].Validation;
        Assert.Equal(samples > 1, judged["loss"] < judged["negativeElbo"] - 0.01);
    }

    [Fact]
    public void It_is_continued_from_with_its_own_standardisation()
    {
        float[] values = [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 100f + i : 0.01f * i)];
        var rows = new Examples(Shape.Vector(2), values);
        var spec = Model with { Latent = 1, Peak = null, Likelihood = new Gaussian() };
        var first = Run(spec, Options with { Epochs = 1 }, rows).Package;
        var frozen = Options with { Epochs = 1, Optimizer = new MlNetDl.Training.Optimizers.Sgd { LearningRate = 1e-30 } };
        var other = new Examples(Shape.Vector(2), Array.ConvertAll(values, v => 3 * v));
        var next = new Recipe { Model = spec, ContinueFrom = first, Training = frozen }.Run(other).Package;
        Assert.Equal(first.Graphs[Vae.Reconstruct], next.Graphs[Vae.Reconstruct]);
    }

    [Fact]
    public void With_a_tilted_prior_codes_lie_near_its_sphere()
    {
        var spec = Model with { Prior = new Tilted { Tau = 10 } };
        var result = Run(spec, Options with { Epochs = 8 });
        Assert.Equal([Vae.LatentColumn], spec.Columns);
        using var model = VaeModel.Of(result.Package);
        var (means, variances) = model.Encode([.. Enumerable.Range(0, 200).SelectMany(i => Values(Digits, i))]);
        Assert.Empty(variances);
        double best = new TiltedNormal(6, 10).ModeNorm;
        Assert.Equal(best, means.Chunk(6).Average(m => Math.Sqrt(m.Sum(v => (double)v * v))), 0.7);
        // The least divergence is not 0, and the bound has it.
        Assert.InRange(result.Reports.Single().Epochs[^1].Validation["divergence"], new TiltedNormal(6, 10).Divergence(best) - 0.01, 30);
        var (one, many) = (model.Likelihood(Test, 1), model.Likelihood(Test, 50));
        Assert.True(many.NegativeLogLikelihood < one.NegativeLogLikelihood);
        Assert.Equal(one.NegativeElbo, result.Reports.Single().Epochs[^1].Validation["negativeElbo"], 3.0);
        Assert.Equal(64 * 4, model.Generate(4, 1).Length);
    }

    [Fact]
    public void A_Gaussian_likelihood_takes_vectors_on_their_own_scale()
    {
        var rows = new float[400 * 3];
        var random = new Random(1);
        for (int i = 0; i < 400; i++)
        {
            float t = (float)random.NextDouble();
            (rows[i * 3], rows[(i * 3) + 1], rows[(i * 3) + 2]) = (1000 * t, 5 - t, 0.01f * t);
        }

        var examples = new Examples(Shape.Vector(3), rows);
        var spec = Model with { Latent = 1, Peak = null, Likelihood = new Gaussian() };
        using var model = VaeModel.Of(Run(spec, Options with { Epochs = 60 }, examples).Package);
        var made = model.Decode(model.Encode(rows).Means);
        double Error(int column) => Enumerable.Range(0, 400).Average(i => Math.Abs(made[(i * 3) + column] - rows[(i * 3) + column]));
        Assert.InRange(Error(0), 0, 60);
        Assert.InRange(Error(2), 0, 0.0006);
        Assert.True(double.IsFinite(model.Likelihood(examples, 5).NegativeLogLikelihood));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Settings_that_mean_nothing_are_refused(TrainingOptions options, string name) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => Run(Model, options)).Message, StringComparison.Ordinal);

    public static TheoryData<TrainingOptions, string> Settings => new()
    {
        { Options with { Loss = new MeanSquaredError() }, "training.loss" },
        { Options with { ClassWeights = ClassWeights.Balanced }, "training.classWeights" },
        { Options with { Metrics = [new MlNetDl.Metrics.Accuracy()] }, "training.metrics" },
        { Options with { Monitor = "accuracy" }, "accuracy" },
    };

    [Fact]
    public void What_does_not_suit_the_data_is_refused()
    {
        Assert.Contains("larger than a row", Assert.Throws<ShapeException>(() => Run(Model with { Latent = 65 })).Message, StringComparison.Ordinal);
        Assert.Contains("peak", Assert.Throws<ArgumentException>(() => Run(Model with { Peak = 8 })).Message, StringComparison.Ordinal);
        Assert.Contains(
            "is no autoencoder: it has no graphs",
            Assert.Throws<ArgumentException>(() => VaeModel.Of(new Recipe
            {
                Task = new MlNetDl.Tasks.MulticlassClassification(),
                Model = new Mlp(),
                Training = Options with { Epochs = 1 },
            }.Run(Digits).Package)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "scales its features by other numbers",
            Assert.Throws<ArgumentException>(() => new Recipe
            {
                Model = Model with { Peak = 20 },
                ContinueFrom = Package,
                Training = Options,
            }.Run(Digits)).Message,
            StringComparison.Ordinal);
        var narrow = new CustomNetwork { Layers = new MlNetDl.Layers.Sequential(new MlNetDl.Layers.Linear(1)) };
        Assert.Contains("The decoder makes", Assert.Throws<ShapeException>(() => Run(Model with { Decoder = narrow })).Message, StringComparison.Ordinal);
        Assert.Contains(
            "the examples have weights",
            Assert.Throws<ArgumentException>(() => Run(Model, examples: Digits with { Weights = [.. Enumerable.Range(0, 1200).Select(i => 1f + i)] })).Message,
            StringComparison.Ordinal);
        using var model = VaeModel.Of(Package);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Generate(-1));
        Assert.Empty(model.Generate(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Likelihood(Test, 0));
        Assert.Throws<ArgumentException>(() => model.Likelihood(new Examples(Shape.Vector(3), new float[3])));
        Assert.Throws<ArgumentException>(() => model.Decode(new float[7]));
        Assert.Single((Model with { Samples = 2, Kl = new Beta { Weight = 4 } }).Problems());
    }

    [Fact]
    public void Yaml_says_the_same()
    {
        var model = RecordJson.Deserialize<ModelSpec>("""
            { "type": "vae", "latent": 6, "peak": 16, "encoder": { "type": "mlp", "hidden": [48] }, "decoder": { "type": "mlp", "hidden": [48] },
              "likelihood": { "type": "bernoulli", "binarize": "static" } }
            """);
        Assert.Equal(Model, model);
        Assert.Equal(new Vae { Kl = new Beta { Weight = 4 } }, RecordJson.Deserialize<ModelSpec>("\"betaVae\""));
        Assert.Equal(new Vae { Prior = new Tilted() }, RecordJson.Deserialize<ModelSpec>("\"tiltedVae\""));
        Assert.Equal(
            new Vae { Kl = new Capacity { To = 10 }, Likelihood = new Gaussian { Variance = 0.1 } },
            RecordJson.Deserialize<ModelSpec>("""
                { "type": "vae", "kl": { "type": "capacity", "to": 10 }, "likelihood": { "type": "gaussian", "variance": 0.1 } }
                """));
    }

    private static float[] Values(Examples examples, int row)
    {
        var values = new float[64];
        examples.CopyTo(row, 1, values);
        return values;
    }

    private static RecipeResult Run(Vae model, TrainingOptions? options = null, Examples? examples = null) =>
        new Recipe { Model = model, Training = options ?? Options }.Run(examples ?? Digits);

    private sealed class Row
    {
        [VectorType(64)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Code
    {
        [VectorType(6)]
        public float[] Latent { get; set; } = [];
    }
}
