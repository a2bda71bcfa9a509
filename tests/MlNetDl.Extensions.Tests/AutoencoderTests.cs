using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Recipes;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Extensions.Tests;

public sealed class AutoencoderTests : IDisposable
{
    private static readonly Recipe Recipe = new()
    {
        Model = new Autoencoder(),
        Training = TestData.Training(15) with { ValidationFraction = 0.2 },
    };
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Networks_with_weights_of_one_name_are_trained_saved_and_scored_apart()
    {
        var result = Recipe.Run(TestData.Digits());
        var epochs = result.Reports[0].Epochs;
        Assert.True(epochs[^1].Validation["loss"] < 0.75 * epochs[0].Validation["loss"]);

        var package = ModelPackage.Read(result.Package.ToBytes());
        Assert.Equal([24, 64], package.ReadWeights(Autoencoder.Encoder)["hidden1.weight"].Dims);
        Assert.Equal([24, 4], package.ReadWeights(Autoencoder.Decoder)["hidden1.weight"].Dims);
        var trained = package.Manifest.Networks.Keys.SelectMany(package.ReadWeights)
            .Where(w => !w.Name.StartsWith("preprocessing", StringComparison.Ordinal));
        Assert.Equal(package.Manifest.Parameters, trained.Sum(w => w.Data.Length));
    }

    [Fact]
    public void It_is_continued_from_with_the_network_unset()
    {
        var package = ModelPackage.Read(Recipe.Run(TestData.Digits()).Package.ToBytes());
        var frozen = TestData.Training(1) with { Optimizer = new Sgd { LearningRate = 1e-30 } };
        var continued = new Recipe { ContinueFrom = package, Training = frozen }.Run(TestData.Digits(100, test: true)).Package;
        Assert.Equal(package.Graphs[Autoencoder.Encoder], continued.Graphs[Autoencoder.Encoder]);
        Assert.Equal(package.Graphs[Autoencoder.Decoder], continued.Graphs[Autoencoder.Decoder]);
    }

    [Fact]
    public void Cancelled_in_the_third_training_it_leaves_the_same_bytes()
    {
        var recipe = Recipe with { Training = TestData.Training(1) with { Stages = [new Fit(), new WeightAveraging()] } };
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
    public void Encoder_and_decoder_are_chained_in_ml_net_and_both_are_in_one_zip()
    {
        var ml = new MLContext(1);
        var data = TestData.Rows(ml, TestData.Digits());
        using var encoder = ml.NeuralNetwork(null, new() { Network = new Autoencoder(), Training = TestData.Training(15) }).Fit(data);
        using var decoder = encoder.WithGraph(Autoencoder.Decoder);
        var chain = new TransformerChain<ITransformer>(encoder, decoder);
        ml.Model.SaveAtomically(chain, data.Schema, folder["model.zip"]);
        var made = ml.Model.Load(folder["model.zip"], out _).Transform(data).GetColumn<float[]>(Autoencoder.Made).ToArray();
        Assert.Equal(chain.Transform(data).GetColumn<float[]>(Autoencoder.Made).ToArray(), made);
        Assert.Equal(64, made[0].Length);
    }
}
