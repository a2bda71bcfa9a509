using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Decomposition;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Decomposition;

/// <summary>An autoencoder without activations, trained on squared errors of centred rows, ends in the plane of the first principal
/// components (Baldi and Hornik 1989).</summary>
[Collection("torch")]
public sealed class LinearAutoencoderTests
{
    private const int Columns = 12, Code = 3;

    private static readonly TrainingOptions Options = new()
    {
        Epochs = 1500,
        BatchSize = 300,
        Optimizer = new Adam { LearningRate = 0.02 },
        Schedule = new Cosine(),
        Seed = 5,
        Threads = 1,
        Device = "cpu",
    };

    [Fact]
    public void It_spans_the_plane_of_the_components_with_the_same_error()
    {
        var rows = Centred();
        var package = PcaSamples.Fit(new Pca { Components = Code }, rows);
        var (network, loss) = Trained(rows);
        double error = PcaReport.Of(package)!.Variances.Skip(Code).Sum() * (rows.Length - 1) / rows.Length / Columns;
        Assert.Equal(error, loss, error * 1e-4);

        // The decoder's columns span what it can reconstruct.
        var axes = tensor(PcaSamples.Axes(package).SelectMany(a => a).ToArray()).reshape(Code, Columns).to(ScalarType.Float64);
        var decoder = tensor(network["decoder.weight"].Data).reshape(Columns, Code).to(ScalarType.Float64);
        var (basis, _) = linalg.qr(decoder, linalg.QRMode.Reduced);
        // The sines of the principal angles, which have the digits that cosines near 1 have not.
        var across = basis - axes.transpose(0, 1).matmul(axes.matmul(basis));
        double angle = Math.Asin(linalg.svdvals(across).max().item<double>());
        Assert.InRange(angle, 0, 1e-3);
    }

    // The columns that vary most, so that the problem is small and the plane well determined.
    private static float[][] Centred()
    {
        var rows = PcaSamples.Digits(300);
        var chosen = Enumerable.Range(0, 64).OrderByDescending(j => Variance(rows, j)).Take(Columns).ToArray();
        return [.. rows.Select(r => chosen.Select(j => (r[j] - rows.Average(o => o[j])) / 4).ToArray())];
    }

    private static double Variance(float[][] rows, int column)
    {
        double mean = rows.Average(r => r[column]);
        return rows.Average(r => Math.Pow(r[column] - mean, 2));
    }

    private static (Weights Weights, double Loss) Trained(float[][] rows)
    {
        using var session = TorchSession.Enter(Options.SeedOrDefault, Options.Threads, CancellationToken.None);
        var tree = new Sequential(
            new Linear(Code) { Name = "encoder", Bias = false }, new Linear(Columns) { Name = "decoder", Bias = false });
        using var network = new TorchNetwork(new Network(tree, Shape.Vector(Columns)));
        using var step = new SupervisedStep(network, new Regression(), Options);
        var features = rows.SelectMany(r => r).ToArray();
        using var batches = new TensorBatches(new Examples(Shape.Vector(Columns), features, features) { TargetWidth = Columns }, Options.BatchSize!.Value);
        new Trainer(Options).Fit(step, batches);
        return (network.ReadWeights(), step.Evaluate(batches.Epoch(0))["loss"]);
    }
}
