using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Experiments;
using MlNetDl.Extensions.Tests.Parts;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Extensions.Tests;

public sealed class SharpnessAwareTests
{
    private static readonly MulticlassClassification Classes = new();

    [Fact]
    public void With_a_radius_of_0_it_is_supervised_training_bit_for_bit()
    {
        var recipe = new Recipe { Task = Classes, Model = new Mlp { Hidden = [16] }, Training = TestData.Training() with { ValidationFraction = 0.2, ClipNorm = 1 } };
        var supervised = recipe.Run(TestData.Digits());
        var aware = (recipe with { Training = recipe.Training with { Step = new SharpnessAware { Rho = 0 } } }).Run(TestData.Digits());
        Assert.Equal(supervised.Package.Graphs["model"], aware.Package.Graphs["model"]);
        Assert.Equal(supervised.Reports[0].Epochs.Select(e => e.Validation["accuracy"]), aware.Reports[0].Epochs.Select(e => e.Validation["accuracy"]));
    }

    [Fact]
    public void One_step_on_one_row_is_the_papers_equation()
    {
        // One weight w = 1 without bias, x = 1, y = 0, squared error w²: g = 2w; the climb is ρ·sign(g), so the gradient is 2(w + ρ).
        var weight = new Linear(1) { Bias = false, WeightInit = new ConstantInit(1), Name = "w" };
        var training = new TrainingOptions { Epochs = 1, Optimizer = new Sgd { LearningRate = 0.1 }, Step = new SharpnessAware { Rho = 0.25 }, Threads = 1 };
        var recipe = new Recipe { Task = new RawValue(), Model = new CustomNetwork { Layers = new Sequential(weight) }, Training = training, Standardize = false };
        var package = recipe.Run(new Examples(Shape.Vector(1), new float[] { 1 }, new float[] { 0 })).Package;
        Assert.Equal(1 - (0.1 * 2 * (1 + 0.25)), package.ReadWeights().Single(w => w.Name == "w.weight").Data[0], 6);
    }

    [Fact]
    public void Yaml_names_it_and_it_learns()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["s.yaml"], """
            name: sharpness
            data: { dataset: optdigits }
            network: { type: mlp, hidden: [32] }
            training: { epochs: 3, threads: 1, step: { type: sharpnessAware, rho: 0.1 } }
            """);
        var result = new ExperimentRunner(folder["run"]).Run(Experiment.Load(folder["s.yaml"]));
        Assert.InRange(result.Metrics.Test["accuracy"], 0.85, 1);
    }

    [Fact]
    public void In_a_pipeline_ml_nets_evaluator_agrees_with_the_reports_and_the_zip_scores_the_same()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        var (data, held) = (TestData.Rows(ml, TestData.Digits()), TestData.Rows(ml, TestData.Digits(300, test: true)));
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [32] },
            LabelColumnName = "Digit",
            Training = TestData.Training(4) with { Step = new SharpnessAware() },
        };
        using var network = ml.MulticlassClassification.Trainers.NeuralNetwork(options).Fit(data, held);
        ml.Model.SaveAtomically(network, data.Schema, folder["model.zip"]);
        var scored = ml.Model.Load(folder["model.zip"], out _).Transform(held);
        Assert.Equal(network.Transform(held).GetColumn<float[]>("Score").ToArray(), scored.GetColumn<float[]>("Score").ToArray());
        var metrics = ml.MulticlassClassification.Evaluate(scored, "Digit");
        Assert.Equal(metrics.MicroAccuracy, network.TrainingReport!.Epochs[^1].Validation["accuracy"], 9);
        Assert.Equal(metrics.LogLoss, network.TrainingReport.Epochs[^1].Validation["loss"], 4);
    }

    [Theory]
    [InlineData("{ type: sharpnessAware, roh: 0.1 }", "training.step.roh", "rho")]
    [InlineData("{ type: sharpnesAware }", "training.step.type", "sharpnessAware")]
    public void Yaml_with_a_misspelt_word_names_the_nearest(string step, string path, string nearest)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["s.yaml"], $$"""
            name: sharpness
            data: { dataset: optdigits }
            network: mlp
            training: { step: {{step}} }
            """);
        var e = Assert.Throws<ConfigurationException>(() => Experiment.Load(folder["s.yaml"]));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(nearest, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_it_has_no_place_for_is_refused_before_the_first_step()
    {
        var training = TestData.Training() with { Step = new SharpnessAware(), Stages = [new Fit(), new MagnitudeMask()] };
        var recipe = new Recipe { Task = Classes, Model = new Mlp(), Training = training };
        Assert.Contains("no hooks", Assert.Throws<ArgumentException>(() => recipe.Run(TestData.Digits())).Message, StringComparison.Ordinal);
        var wrong = recipe with { Training = training with { Step = new SharpnessAware { Rho = -1 } } };
        Assert.Contains("training.step.rho must be 0 or more", Assert.Throws<ArgumentException>(() => wrong.Run(TestData.Digits())).Message, StringComparison.Ordinal);
    }
}
