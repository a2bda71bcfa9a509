using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Losses;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Training;

/// <summary>Sets are seldom a multiple of the batch: what a small last batch must not do.</summary>
[Collection("torch")]
public sealed class LastBatchTests
{
    [Fact]
    public void A_last_batch_of_one_leaves_the_running_statistics_finite()
    {
        // 33 = 2 · 16 + 1: libtorch's unbiased variance of one value is 0/0.
        var (weights, report) = Samples.Fit(
            Samples.Options with { Epochs = 10, Optimizer = new Adam { LearningRate = 0.01 } },
            examples: Samples.Blobs(33));
        Assert.All(weights, w => Assert.All(w.Data, v => Assert.True(float.IsFinite(v), w.Name)));
        Assert.True(report.Epochs[^1].Validation["accuracy"] > 0.8);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Batch_statistics_are_taken_of_two_values_a_channel_or_more(int rows, bool moves)
    {
        using var network = new TorchNetwork(new(new BatchNorm2d(), Shape.Image(3, 1, 1)));
        using var scope = NewDisposeScope();
        var output = network.Forward(randn(rows, 3, 1, 1) + 5)["output"];
        Assert.True(isfinite(output).all().item<bool>());
        var weights = network.ReadWeights();
        Assert.Equal(moves, weights.First(w => w.Name.EndsWith("runningMean", StringComparison.Ordinal)).Data.Any(v => v != 0));
        Assert.Equal(moves, weights.First(w => w.Name.EndsWith("runningVariance", StringComparison.Ordinal)).Data.Any(v => v != 1));
    }

    [Fact]
    public void The_loss_of_a_set_does_not_depend_on_the_batches_it_comes_in_also_when_classes_are_weighed()
    {
        var options = Samples.Options with
        {
            Epochs = 1,
            ClassWeights = ClassWeights.Of(("1", 5), ("2", 0)),
            Optimizer = new Sgd { LearningRate = 1e-12 },
        };
        double[] losses = [.. ((int[])[1, 7, 45]).Select(size => Samples.Fit(
            options with { BatchSize = size },
            network: new(
                new Linear(Samples.Classes), Shape.Vector(Samples.Width))).Report.Epochs[0].Validation["loss"])];
        Assert.All(losses, loss => Assert.Equal(losses[0], loss, 4));
    }

    [Fact]
    public void Patience_that_ends_with_the_last_epoch_has_stopped_nothing()
    {
        var options = Samples.Options with
        {
            Epochs = 3,
            EarlyStopping = new() { Patience = 2 },
            Optimizer = new Sgd { LearningRate = 1e-30 },
        };
        var plain = new MlNetDl.Analysis.Network(new Linear(Samples.Classes), Shape.Vector(Samples.Width));
        Assert.False(Samples.Fit(options, network: plain).Report.StoppedEarly);
        Assert.True(Samples.Fit(options with { Epochs = 4 }, network: plain).Report.StoppedEarly);
    }

    [Fact]
    public void A_turn_that_fails_to_begin_lets_others_begin()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TorchSession.Enter(threads: -1));
        var other = new Thread(() => TorchSession.Enter().Dispose());
        other.Start();
        Assert.True(other.Join(TimeSpan.FromSeconds(60)));
    }
}
