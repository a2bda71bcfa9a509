using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tests.Training;
using MlNetDl.Torch;
using MlNetDl.Training;
using TorchSharp;

namespace MlNetDl.Tests.Generative;

/// <summary>Autoencoders of digits.</summary>
[Collection("torch")]
public sealed class AutoencoderTests : IDisposable
{
    private static readonly Autoencoder Model = new() { Latent = 8, Peak = 16, Encoder = new Mlp { Hidden = [48] }, Decoder = new Mlp { Hidden = [48] } };

    private static readonly TrainingOptions Options = new()
    {
        Epochs = 8,
        BatchSize = 64,
        Seed = 1,
        Threads = 1,
        ValidationFraction = 0.1,
        Optimizer = new MlNetDl.Training.Optimizers.Adam { LearningRate = 0.003 },
    };

    private static readonly Examples Digits = Datasets.Find("optdigits")!.Load(false).Take(1200), Test = Datasets.Find("optdigits")!.Load(true).Take(300);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Errors_fall_and_its_figures_are_of_one_kind()
    {
        var result = Run(Model);
        var epochs = result.Reports.Single().Epochs;
        var last = epochs[^1].Validation;
        Assert.Equal(["loss", "reconstruction", "squaredError", "activeUnits"], last.Keys);
        Assert.True(last["squaredError"] < 0.6 * epochs[0].Validation["squaredError"]);
        Assert.Equal(last["loss"], last["reconstruction"], 1e-9);
        // Half the sum of 64 squared errors, and the constant of a normal density.
        Assert.Equal(last["reconstruction"], (32 * last["squaredError"]) + (32 * Math.Log(2 * Math.PI)), 1e-3);

        using var model = CodeModel.Of(result.Package);
        var values = Values(Test);
        var made = model.Decode(model.Encode(values).Means);
        Assert.Equal(last["squaredError"], made.Zip(values, (a, b) => Math.Pow((a - b) / 16, 2)).Average(), 0.01);
        Assert.Empty(model.Encode(values).LogVariances);
        Assert.Contains(
            "nothing says where its codes lie", Assert.Throws<ArgumentException>(() => VaeModel.Of(result.Package)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_chains_and_is_loaded_without_change()
    {
        var ml = new MLContext(1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new Row { Features = Values(Digits)[(64 * i)..(64 * (i + 1))] }));
        var options = new NeuralNetworkOptions { Network = Model, Training = Options with { Epochs = 2, ValidationFraction = 0 } };
        var fitted = ml.Generation().Trainers.NeuralNetwork(options).Fit(rows);
        ml.Model.SaveAtomically(fitted, rows.Schema, folder["model.zip"]);
        var loaded = NeuralNetworkTransformer.Load(new MLContext(), folder["model.zip"]);
        Assert.Equal(
            fitted.Transform(rows).GetColumn<float[]>("Latent").SelectMany(v => v), loaded.Transform(rows).GetColumn<float[]>("Latent").SelectMany(v => v));
        Assert.Equal(
            fitted.Reconstruction().Transform(rows).GetColumn<float[]>("Generated").First(),
            loaded.Decoder().Transform(loaded.Transform(rows)).GetColumn<float[]>("Generated").First(),
            (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void Tied_weights_are_one_and_the_same()
    {
        var tied = Model with { Tied = true, Decoder = new Autoencoder().Decoder };
        var package = Run(tied).Package;
        var (separate, together) = (Run(Model, Options with { Epochs = 1 }).Package.Manifest.Parameters, package.Manifest.Parameters);
        // Weights 64·48 and 48·8 only once; biases 48, 8 of the encoder and 48, 64 of the decoder.
        Assert.Equal((64 * 48) + (48 * 8) + 48 + 8 + 48 + 64, together);
        Assert.Equal(together + (64 * 48) + (48 * 8), separate);

        using var model = CodeModel.Of(package);
        var weights = package.ReadWeights("autoencoder");
        var (first, second) = (weights["tied0.weight"].Data, weights["tied1.weight"].Data);
        var code = new float[8];
        code[3] = 2;
        var hidden = Enumerable.Range(0, 48).Select(h => Math.Max(0, (2 * second[(3 * 48) + h]) + weights["decoder/back1.bias"].Data[h])).ToArray();
        var expected = Enumerable.Range(0, 64).Select(x => 16 * (Enumerable.Range(0, 48).Sum(h => hidden[h] * first[(h * 64) + x])
            + weights["decoder/back2.bias"].Data[x]));
        Assert.Equal(expected, model.Decode(code), (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Theory]
    [InlineData("gaussianNoise")]
    [InlineData("maskingNoise")]
    public void A_denoising_one_repairs_what_another_cannot(string noise)
    {
        Layer layer = noise == "gaussianNoise" ? new GaussianNoise(0.3) : new MaskingNoise(0.4);
        var clean = Values(Test);
        using var torchLayer = new TorchNetwork(new Network(new Sequential(layer), Shape.Vector(64)));
        torchLayer.SetTraining(true);
        torch.manual_seed(5);
        using var input = torch.tensor(Array.ConvertAll(clean, v => v / 16)).reshape(-1, 64);
        using var noisy = torchLayer.Forward(input)[Network.DefaultOutput];
        float[] broken = Array.ConvertAll(noisy.data<float>().ToArray(), v => v * 16);
        double Error(Autoencoder spec)
        {
            using var model = CodeModel.Of(Run(spec, Options with { Epochs = 16 }).Package);
            return model.Decode(model.Encode(broken).Means).Zip(clean, (a, b) => Math.Pow((a - b) / 16, 2)).Average();
        }

        var wide = Model with { Latent = 24 };
        Assert.True(Error(wide with { Noise = layer }) < 0.9 * Error(wide));
    }

    [Fact]
    public void A_penalty_makes_codes_sparse()
    {
        float[] Codes(double weight)
        {
            var result = Run(Model with { Sparsity = weight });
            using var model = CodeModel.Of(result.Package);
            var codes = model.Encode(Values(Test)).Means;
            if (weight > 0)
            {
                Assert.Equal(codes.Chunk(8).Average(c => c.Sum(v => Math.Abs((double)v))), result.Reports.Single().Epochs[^1].Validation["sparsity"], 1.0);
            }

            return codes;
        }

        Assert.True(Codes(0.5).Average(v => Math.Abs(v)) < 0.5 * Codes(0).Average(v => Math.Abs(v)));
    }

    /// <summary>For a linear encoder the derivative is the weight itself, whatever the row.</summary>
    [Fact]
    public void The_contractive_penalty_is_the_norm_of_the_derivative()
    {
        var linear = Model with { Encoder = new Mlp { Hidden = [] }, Contraction = 1, Latent = 4 };
        var result = Run(linear, Options with { BatchSize = 512 });
        var weight = result.Package.ReadWeights("autoencoder").Single(w => w.Name.EndsWith("mean.weight", StringComparison.Ordinal)).Data;
        double norm = weight.Sum(w => (double)w * w);
        Assert.Equal(norm, result.Reports.Single().Epochs[^1].Validation["contraction"], 0.25 * norm);
        var loose = Run(linear with { Contraction = 0 }, Options with { BatchSize = 512 }).Package.ReadWeights("autoencoder");
        Assert.True(norm < 0.7 * loose.Single(w => w.Name.EndsWith("mean.weight", StringComparison.Ordinal)).Data.Sum(w => (double)w * w));
    }

    [Fact]
    public void Convolutions_encode_and_decode_images()
    {
        float[] pixels = [.. Values(Digits).Take(64 * 400)];
        var images = new Examples(Shape.Image(1, 8, 8), pixels);
        var spec = Model with { Encoder = new ConvEncoder { Channels = [8, 16] }, Decoder = new ConvDecoder { Channels = [16, 8] } };
        var result = Run(spec, Options, images);
        var epochs = result.Reports.Single().Epochs;
        Assert.True(epochs[^1].Validation["squaredError"] < 0.7 * epochs[0].Validation["squaredError"]);
        using var model = CodeModel.Of(result.Package);
        Assert.Equal(64, model.Decode(new float[8]).Length);
        Assert.Contains(
            "multiples of 16",
            Assert.Throws<ShapeException>(() => Run(spec with { Decoder = new ConvDecoder { Channels = [4, 4, 4, 4] } }, examples: images)).Message,
            StringComparison.Ordinal);
        var vectors = new Examples(Shape.Vector(64), pixels);
        Assert.Contains(
            "makes images",
            Assert.Throws<ShapeException>(() => Run(Model with { Decoder = new ConvDecoder() }, examples: vectors)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_training_that_goes_on_leaves_the_same_bytes()
    {
        var spec = Model with { Noise = new GaussianNoise(0.2), Contraction = 0.1, Sparsity = 0.01 };
        var options = Options with { Epochs = 2 };
        var whole = Run(spec, options).Package;
        using var stop = new CancellationTokenSource();
        var recipe = new Recipe { Model = spec, Training = options, CheckpointPath = folder["checkpoint"] };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            (recipe with { Stop = stop.Token, Callbacks = [new CancelAfter(20, stop)] }).Run(Digits));
        Assert.Equal(whole.ToBytes(), recipe.Run(Digits).Package.ToBytes());
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Contains("only an mlp", Assert.Single((Model with { Tied = true, Encoder = new LeNet5() }).Problems()).Text, StringComparison.Ordinal);
        Assert.Contains("leave one of them out", Assert.Single((Model with { Tied = true }).Problems()).Text, StringComparison.Ordinal);
        Assert.Contains("by itself", Assert.Single((Model with { Noise = new Linear(3) }).Problems()).Text, StringComparison.Ordinal);
        Assert.Contains("larger than a row", Assert.Throws<ShapeException>(() => Run(Model with { Latent = 65 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Run(Model with { Latent = 0 }));
        Assert.Equal(
            Model with { Noise = new MaskingNoise(0.2) },
            RecordJson.Deserialize<ModelSpec>("""
                { "type": "autoencoder", "latent": 8, "peak": 16, "encoder": { "type": "mlp", "hidden": [48] },
                  "decoder": { "type": "mlp", "hidden": [48] }, "noise": { "type": "maskingNoise", "p": 0.2 } }
                """));
    }

    private static float[] Values(Examples examples)
    {
        var values = new float[examples.Count * 64];
        examples.CopyTo(0, examples.Count, values);
        return values;
    }

    private static RecipeResult Run(Autoencoder model, TrainingOptions? options = null, Examples? examples = null) =>
        new Recipe { Model = model, Training = options ?? Options }.Run(examples ?? Digits);

    private sealed class Row
    {
        [VectorType(64)]
        public float[] Features { get; set; } = [];
    }
}
