using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Extensions.Tests;

/// <summary>A schedule of one's own that no catalog has.</summary>
public sealed class OwnScheduleTests
{
    [Fact]
    public void It_trains_is_saved_and_scores_the_same_when_loaded()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        var (data, held) = (TestData.Rows(ml, TestData.Digits()), TestData.Rows(ml, TestData.Digits(300, test: true)));
        using var network = Fit(ml, data, new Polynomial { Power = 0.9, WarmUp = 0.1 });
        ml.Model.SaveAtomically(network, data.Schema, folder["model.zip"]);
        var scored = ml.Model.Load(folder["model.zip"], out _).Transform(held);
        Assert.Equal(Scores(network, held), [.. scored.GetColumn<float[]>("Score")]);
        Assert.InRange(ml.MulticlassClassification.Evaluate(scored, "Digit").MicroAccuracy, 0.85, 1);

        // It is followed: power 0 is a constant rate, and no other power is.
        using var constant = Fit(ml, data, new Constant());
        using var none = Fit(ml, data, new Polynomial { Power = 0 });
        Assert.Equal(Scores(constant, held), Scores(none, held));
        Assert.NotEqual(Scores(constant, held), Scores(network, held));
    }

    [Fact]
    public void Yaml_that_names_it_says_how_to_register_it()
    {
        var e = Assert.Throws<ConfigurationException>(() =>
            ConfigurationDocument.Parse("schedule: { type: polynomial, power: 1 }", "t.yaml").Bind<TrainingOptions>());
        Assert.EndsWith(
            "One of your own is registered before this is read: Catalogs.Schedules.Register<Polynomial>().",
            e.Message,
            StringComparison.Ordinal);
    }

    private static NeuralNetworkTransformer Fit(MLContext ml, IDataView data, Schedule schedule) =>
        ml.MulticlassClassification.Trainers
            .NeuralNetwork(new()
            {
                Network = new Mlp { Hidden = [32] },
                LabelColumnName = "Digit",
                Training = TestData.Training(6) with { Schedule = schedule },
            })
            .Fit(data);

    private static float[][] Scores(ITransformer network, IDataView data) => [.. network.Transform(data).GetColumn<float[]>("Score")];

    /// <summary>(1 − step / steps)^power (Liu et al. 2015, arXiv:1506.04579, section 4).</summary>
    private sealed record Polynomial : Schedule
    {
        [AtLeast(0)]
        public double Power { get; init; } = 1;

        protected override double Factor(long step, long totalSteps) => Math.Pow(1 - ((double)step / totalSteps), Power);
    }
}
