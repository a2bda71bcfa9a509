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

namespace MlNetDl.Tests.Generative;

/// <summary>Variational autoencoders that are told the class of a row.</summary>
[Collection("torch")]
public sealed class ConditionalVaeTests : IDisposable
{
    private static readonly Vae Model = new()
    {
        Latent = 4,
        Peak = 16,
        Encoder = new Mlp { Hidden = [48] },
        Decoder = new Mlp { Hidden = [48] },
        Condition = new(),
    };

    private static readonly TrainingOptions Options = new()
    {
        Epochs = 15,
        BatchSize = 64,
        Seed = 1,
        Threads = 1,
        ValidationFraction = 0.1,
        Optimizer = new MlNetDl.Training.Optimizers.Adam { LearningRate = 0.003 },
    };

    private static readonly Examples Digits = Datasets.Find("optdigits")!.Load(false).Take(1500), Test = Datasets.Find("optdigits")!.Load(true).Take(300);
    private static readonly Lazy<ModelPackage> Trained = new(() => Run(Model));
    private static readonly Lazy<ModelPackage> Learned = new(() => Run(Model with { Prior = new LearnedNormal() }));
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_are_of_the_class_that_is_asked_for(bool learned)
    {
        using var model = VaeModel.Of((learned ? Learned : Trained).Value);
        Assert.Equal(Digits.ClassNames, model.ClassNames);
        var means = ClassMeans();
        int right = 0;
        foreach (var (index, name) in Digits.ClassNames.Index())
        {
            right += model.Generate(20, 3, name).Chunk(64).Count(row => Nearest(row, means) == index);
        }

        Assert.InRange(right, 150, 200);
        // Without a class, all in turn.
        Assert.Equal(model.Generate(20, 3)[..64], model.Generate(20, 3, Digits.ClassNames[0])[..64]);
        Assert.NotEqual(model.Generate(20, 3)[64..128], model.Generate(20, 3, Digits.ClassNames[0])[64..128]);
    }

    [Fact]
    public void A_model_that_knows_the_class_finds_rows_likelier()
    {
        using var told = VaeModel.Of(Trained.Value);
        using var plain = VaeModel.Of(Run(Model with { Condition = null }));
        var (with, without) = (told.Likelihood(Test, 20), plain.Likelihood(Test, 20));
        Assert.True(with.NegativeLogLikelihood < without.NegativeLogLikelihood);
        Assert.Equal(with.NegativeLogLikelihood, told.NegativeLogLikelihoods(Test, 20).Average(), 1e-9);
        // The same rows, whose data set has its classes in another order.
        var turned = Test with { ClassNames = Test.ClassNames.Reverse().ToValueList(), Targets = Array.ConvertAll((long[])Test.Targets!, t => 9 - t) };
        Assert.Equal(with.NegativeLogLikelihood, told.Likelihood(turned, 20).NegativeLogLikelihood, 1e-9);
        // Told a wrong class, it finds them less likely.
        var wrong = Test with { Targets = Array.ConvertAll((long[])Test.Targets!, t => (t + 1) % 10) };
        Assert.True(told.Likelihood(wrong, 20).NegativeLogLikelihood > with.NegativeLogLikelihood + 2);
    }

    /// <summary>The divergence that is trained, and that of the sampling, by the formula of two normal distributions.</summary>
    [Fact]
    public void A_learned_prior_has_a_place_for_each_class()
    {
        using var model = VaeModel.Of(Learned.Value);
        var found = model.Likelihood(Test, 5);
        var values = new float[Test.Count * 64];
        Test.CopyTo(0, Test.Count, values);
        var classes = Array.ConvertAll((long[])Test.Targets!, t => (int)t);
        var (means, variances) = model.Encode(values, classes);
        var priors = Enumerable.Range(0, 10).Select(model.PriorOf).ToArray();
        Assert.NotEqual(priors[0], priors[1]);
        double sum = 0;
        for (int i = 0; i < means.Length; i++)
        {
            var prior = priors[classes[i / 4]];
            double variance = Math.Exp(variances[i]), own = Math.Exp(prior[4 + (i % 4)]);
            sum += 0.5 * (((variance + Math.Pow(means[i] - prior[i % 4], 2)) / own) - 1 + prior[4 + (i % 4)] - variances[i]);
        }

        Assert.Equal(sum / Test.Count, found.DivergenceByValue.Sum(), 1e-4);
        // Sampled, −log p(x|z) − log p(z|c) + log q(z|x, c) has the same mean as with the divergence.
        Assert.Equal(Learned.Value.Manifest.Training!.Validation["negativeElbo"], model.Likelihood(Test, 100).NegativeElbo, 3.0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_chains_with_a_key_or_a_text(bool encoder)
    {
        var ml = new MLContext(1);
        var values = new float[200 * 64];
        Digits.CopyTo(0, 200, values);
        var rows = ml.Data.LoadFromEnumerable(values.Chunk(64)
            .Select((v, i) => new Row { Features = v, Digit = Digits.ClassNames[(int)((long[])Digits.Targets!)[i]] }));
        var keyed = ml.Transforms.Conversion.MapValueToKey("Digit").Fit(rows).Transform(rows);
        var options = new NeuralNetworkOptions
        {
            Network = Model with { Condition = new() { Encoder = encoder } },
            LabelColumnName = "Digit",
            Training = Options with { Epochs = 2, ValidationFraction = 0 },
        };
        var trainer = ml.Generation().Trainers.NeuralNetwork(options);
        Assert.Contains(trainer.GetOutputSchema(MlNet.LabelTypesTests.ShapeOf(keyed.Schema)), c => c.Name == "Latent");
        using var fitted = trainer.Fit(keyed);
        ml.Model.SaveAtomically(fitted, rows.Schema, folder["model.zip"]);
        using var loaded = NeuralNetworkTransformer.Load(new MLContext(), folder["model.zip"]);
        var again = loaded.Reconstruction().Transform(keyed).GetColumn<float[]>("Generated").First();
        Assert.Equal(again, loaded.Reconstruction().Transform(rows).GetColumn<float[]>("Generated").First());
        Assert.Equal(again, loaded.Decoder().Transform(loaded.Transform(rows)).GetColumn<float[]>("Generated").First(), (a, b) => Math.Abs(a - b) < 1e-3);
        // A key with its values in another order tells the same.
        var order = ml.Data.LoadFromEnumerable(Digits.ClassNames.Reverse().Select(n => new Row { Digit = n }));
        var turned = ml.Transforms.Conversion.MapValueToKey("Digit").Fit(order).Transform(rows);
        Assert.Equal(again, loaded.Reconstruction().Transform(turned).GetColumn<float[]>("Generated").First());
        var likelihood = ml.Generation().Evaluate(loaded, rows, samples: 2);
        Assert.Equal(ml.Generation().Evaluate(loaded, keyed, samples: 2).NegativeElbo, likelihood.NegativeElbo, 1e-9);

        var none = ml.Data.LoadFromEnumerable([new Code { Latent = new float[4] }]);
        Assert.Contains("Digit", Assert.ThrowsAny<ArgumentException>(() => loaded.Decoder().Transform(none)).Message, StringComparison.Ordinal);
        var unknown = ml.Data.LoadFromEnumerable([new Row { Features = new float[64], Digit = "eleven" }]);
        Assert.Contains(
            "not known",
            Assert.Throws<InvalidOperationException>(() => loaded.Reconstruction().Transform(unknown).GetColumn<float[]>("Generated").Count()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Convolutions_are_told_by_planes()
    {
        var values = new float[300 * 64];
        Digits.CopyTo(0, 300, values);
        var images = new Examples(Shape.Image(1, 8, 8), values, ((long[])Digits.Targets!)[..300]) { ClassNames = Digits.ClassNames };
        var spec = Model with { Encoder = new ConvEncoder { Channels = [8] }, Decoder = new ConvDecoder { Channels = [8] } };
        using var model = VaeModel.Of(Run(spec, Options with { Epochs = 2 }, images));
        int[] classes = [4];
        float[] first = values[..64];
        Assert.NotEqual(model.Encode(first, classes).Means, model.Encode(first, [5]).Means);
        Assert.Equal(64, model.Decode(new float[4], classes).Length);
    }

    [Fact]
    public void An_interrupted_training_that_goes_on_leaves_the_same_bytes()
    {
        var spec = Model with { Prior = new LearnedNormal(), Samples = 2 };
        var options = Options with { Epochs = 2 };
        var whole = Run(spec, options);
        using var stop = new CancellationTokenSource();
        var recipe = new Recipe { Model = spec, Training = options, CheckpointPath = folder["checkpoint"] };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            (recipe with { Stop = stop.Token, Callbacks = [new CancelAfter(20, stop)] }).Run(Digits));
        Assert.Equal(whole.ToBytes(), recipe.Run(Digits).Package.ToBytes());
    }

    [Fact]
    public void What_does_not_suit_is_refused()
    {
        using var model = VaeModel.Of(Trained.Value);
        Assert.Contains("There is no class 'x'", Assert.Throws<ArgumentException>(() => model.Generate(1, 0, "x")).Message, StringComparison.Ordinal);
        Assert.Contains("told the class", Assert.Throws<ArgumentException>(() => model.Encode(new float[64])).Message, StringComparison.Ordinal);
        Assert.Contains("told the class", Assert.Throws<ArgumentException>(() => model.Decode(new float[4])).Message, StringComparison.Ordinal);
        Assert.Contains("have none", Assert.Throws<ArgumentException>(() => model.Likelihood(Test with { Targets = null })).Message, StringComparison.Ordinal);
        Assert.Contains(
            "class indices", Assert.Throws<ArgumentException>(() => Run(Model, examples: Digits with { Targets = null })).Message, StringComparison.Ordinal);
        Assert.Contains("cvae", Assert.Single((Model with { Condition = null, Prior = new LearnedNormal() }).Problems()).Text, StringComparison.Ordinal);
        var trainers = new MLContext().Generation().Trainers;
        Assert.Throws<ArgumentException>(() => trainers.NeuralNetwork(Model));
        Assert.Throws<ArgumentException>(() => trainers.NeuralNetwork(new Vae(), conditionColumnName: "Label"));
        Assert.Equal(
            new Vae { Condition = new() { Encoder = false }, Prior = new LearnedNormal() },
            RecordJson.Deserialize<ModelSpec>("""{ "type": "vae", "condition": { "encoder": false }, "prior": "learnedNormal" }"""));
        Assert.Equal(new Vae { Condition = new(), Latent = 5 }, RecordJson.Deserialize<ModelSpec>("""{ "type": "cvae", "latent": 5 }"""));
    }

    private static float[][] ClassMeans()
    {
        var values = new float[Digits.Count * 64];
        Digits.CopyTo(0, Digits.Count, values);
        var rows = values.Chunk(64).Zip((long[])Digits.Targets!).ToList();
        return [.. Enumerable.Range(0, 10).Select(c => Enumerable.Range(0, 64).Select(p => rows.Where(r => r.Second == c).Average(r => r.First[p])).ToArray())];
    }

    private static int Nearest(float[] row, float[][] means) =>
        Enumerable.Range(0, means.Length).MinBy(c => row.Zip(means[c], (a, b) => (a - b) * (a - b)).Sum());

    private static ModelPackage Run(Vae model, TrainingOptions? options = null, Examples? examples = null) =>
        new Recipe { Model = model, Training = options ?? Options }.Run(examples ?? Digits).Package;

    private sealed class Row
    {
        [VectorType(64)]
        public float[] Features { get; set; } = [];

        public string Digit { get; set; } = "";
    }

    private sealed class Code
    {
        [VectorType(4)]
        public float[] Latent { get; set; } = [];
    }
}
