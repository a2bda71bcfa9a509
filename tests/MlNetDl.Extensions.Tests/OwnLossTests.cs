using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training;
using MlNetDl.Training.Losses;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests;

/// <summary>A loss of one's own that no catalog has.</summary>
public sealed class OwnLossTests
{
    [Fact]
    public void It_trains_is_saved_and_scores_the_same_when_loaded()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        var data = TestData.Diabetes(ml);
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [16] },
            LabelColumnName = "progression",
            Training = TestData.Training(20) with { Loss = new LogCosh() },
        };
        using var network = ml.Regression.Trainers.NeuralNetwork(options).Fit(data);
        ml.Model.SaveAtomically(network, data.Schema, folder["model.zip"]);
        var scored = ml.Model.Load(folder["model.zip"], out _).Transform(data);
        Assert.Equal(network.Transform(data).GetColumn<float>("Score").ToArray(), scored.GetColumn<float>("Score").ToArray());
        Assert.InRange(ml.Regression.Evaluate(scored, "progression").RSquared, 0.4, 1);
    }

    [Fact]
    public void Yaml_that_names_it_says_how_to_register_it()
    {
        var e = Assert.Throws<ConfigurationException>(() => ConfigurationDocument.Parse("loss: logCosh", "t.yaml").Bind<TrainingOptions>());
        Assert.EndsWith(
            "One of your own is registered before this is read: Catalogs.Losses.Register<LogCosh>().",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_weighs_nothing_costs_nothing()
    {
        using var scope = NewDisposeScope();
        var outputs = tensor(new float[,] { { 1, 2 }, { 3, 4 } });
        var unknown = full(2, 2, float.NaN);
        Assert.Equal(0, new KnownSquaredError().Mean(outputs, unknown).item<float>());
        Assert.Equal(0, new KnownSquaredError().Mean(outputs, unknown, ones(2)).item<float>());
        var targets = tensor(new[,] { { 0, float.NaN }, { 1, 1 } });
        Assert.Equal((1 + 4 + 9) / 3f, new KnownSquaredError().Mean(outputs, targets).item<float>(), 1e-6f);
    }

    /// <summary>The mean of ln cosh(x − y): quadratic for small errors, linear for large ones.</summary>
    private sealed record LogCosh : Loss
    {
        protected override Tensor PerExample(Tensor outputs, Tensor targets) => (outputs - targets).cosh().log().mean([1]);

        protected override string? Misfit(Tensor outputs, Tensor targets) => outputs.shape.AsSpan().SequenceEqual(targets.shape)
            ? null
            : $"the outputs {Text(outputs)} and targets {Text(targets)} differ.";
    }
}
