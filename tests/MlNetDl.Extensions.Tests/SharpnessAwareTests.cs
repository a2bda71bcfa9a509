using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Analysis;
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
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests;

public sealed class SharpnessAwareTests
{
    private static readonly MulticlassClassification Classes = new();

    [Fact]
    public void With_a_radius_of_0_it_is_its_base_bit_for_bit()
    {
        var recipe = new Recipe
        {
            Task = Classes,
            Model = new Mlp { Hidden = [16] },
            Training = TestData.Training() with
            {
                ValidationFraction = 0.2,
                ClipNorm = 1,
                Optimizer = new Adam { LearningRate = 0.01 },
            },
        };
        var supervised = recipe.Run(TestData.Digits());
        var optimizer = new SharpnessAware
        {
            Rho = 0,
            Base = new Adam { LearningRate = 0.01 },
        };
        var aware = (recipe with { Training = recipe.Training with { Optimizer = optimizer } }).Run(TestData.Digits());
        Assert.Equal(supervised.Package.Graphs["model"], aware.Package.Graphs["model"]);
        Assert.Equal(Accuracies(supervised), Accuracies(aware));
    }

    [Fact]
    public void One_step_on_one_row_is_the_papers_equation()
    {
        // One weight w = 1 without bias, x = 1, y = 0, squared error w²: g = 2w; the climb is ρ·sign(g), so the
        // gradient is 2(w + ρ).
        var weight = new Linear(1)
        {
            Bias = false,
            WeightInit = new ConstantInit(1),
            Name = "w",
        };
        var optimizer = new SharpnessAware { Base = new Sgd { LearningRate = 0.1 }, Rho = 0.25 };
        var training = new TrainingOptions
        {
            Epochs = 1,
            Optimizer = optimizer,
            Threads = 1,
        };
        var model = new CustomNetwork { Layers = new Sequential(weight) };
        var recipe = new Recipe
        {
            Task = new RawValue(),
            Model = model,
            Training = training,
            Standardize = false,
        };
        var package = recipe.Run(new Examples(Shape.Vector(1), new float[] { 1 }, new float[] { 0 })).Package;
        Assert.Equal(1 - (0.1 * 2 * (1 + 0.25)), package.ReadWeights().Single(w => w.Name == "w.weight").Data[0], 6);
    }

    /// <summary>The weights in between are none that a model has: their outputs do not belong into running
    /// statistics.</summary>
    [Fact]
    public void Running_statistics_are_those_of_the_first_evaluation()
    {
        var norm = new Sequential(
            new Conv2d(1, 1) { WeightInit = new ConstantInit(1), Bias = false },
            new BatchNorm2d { Name = "n" },
            new Flatten());
        var training = new TrainingOptions
        {
            Epochs = 1,
            Threads = 1,
            Optimizer = new Sgd { LearningRate = 1e-9 },
        };
        var model = new CustomNetwork { Layers = norm };
        var recipe = new Recipe
        {
            Task = new RawValue(),
            Model = model,
            Training = training,
            Standardize = false,
        };
        var data = new Examples(Shape.Image(1, 1, 1), new float[] { 1, 3 }, new float[] { 0, 7 });
        var optimizer = new SharpnessAware { Base = training.Optimizer, Rho = 5 };
        var plain = Mean(recipe.Run(data));
        Assert.NotEqual(0, plain);
        Assert.Equal(plain, Mean((recipe with { Training = training with { Optimizer = optimizer } }).Run(data)));

        static float Mean(RecipeResult trained) => trained.Package.ReadWeights().Single(w => w.Name == "n.runningMean").Data[0];
    }

    [Fact]
    public void Yaml_names_it_and_it_learns()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["s.yaml"], """
            name: sharpness
            data: { dataset: optdigits }
            network: { type: mlp, hidden: [32] }
            training: { epochs: 3, threads: 1, optimizer: { type: sharpnessAware, base: { type: adam, learningRate: 0.003 }, rho: 0.1 } }
            """);
        var result = new ExperimentRunner(folder["run"]).Run(Experiment.Load(folder["s.yaml"]));
        Assert.InRange(result.Metrics.Test["accuracy"], 0.85, 1);
    }

    [Theory]
    [InlineData("{ type: sharpnessAware, roh: 0.1 }", "training.optimizer.roh", "rho")]
    [InlineData("{ type: sharpnesAware }", "training.optimizer.type", "sharpnessAware")]
    [InlineData("{ type: sharpnessAware, rho: -1 }", "training.optimizer.rho", "0 or more")]
    [InlineData("{ type: sharpnessAware, base: { type: adam, beta1: 1 } }", "training.optimizer.base.beta1", "below 1")]
    [InlineData("{ type: sharpnessAware, base: adam, learningRate: 0.1 }", "training.optimizer.learningRate is 0.1", "set base.learningRate")]
    [InlineData("{ type: sharpnessAware, base: adamW, weightDecay: 0 }", "training.optimizer.weightDecay is 0", "set base.weightDecay")]
    [InlineData("{ type: sharpnessAware, decayVectors: true }", "training.optimizer.decayVectors is true", "set base.decayVectors")]
    public void What_is_wrong_in_yaml_is_named(string optimizer, string path, string remedy)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["s.yaml"], $$"""
            name: sharpness
            data: { dataset: optdigits }
            network: mlp
            training: { optimizer: {{optimizer}} }
            """);
        var e = Assert.Throws<ConfigurationException>(() => Experiment.Load(folder["s.yaml"]));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, e.Message, StringComparison.Ordinal);
    }

    /// <summary>There is one learning rate: that of the optimiser that moves the weights.</summary>
    [Fact]
    public void Learning_rate_and_decay_are_those_of_its_base()
    {
        var aware = new SharpnessAware { Base = new AdamW { LearningRate = 0.003, DecayVectors = true } };
        Assert.Equal((0.003, 0.01, true, 2), (aware.LearningRate, aware.WeightDecay, aware.DecayVectors, aware.Slots));
        Assert.Empty(aware.Problems());

        // What lies out of its range is told once, of the one that has it.
        var wrong = new SharpnessAware { Base = new AdamW { LearningRate = -1, WeightDecay = -2 } };
        Assert.Equal(["base.learningRate", "base.weightDecay"], RecordCheck.Problems(wrong).Select(p => p.Path));

        // A resolved configuration has all keys, with equal values.
        Assert.Equal<Optimizer>(aware, RecordJson.FromNode<Optimizer>(RecordJson.ToNode<Optimizer>(aware)));
        var slower = aware with { LearningRate = 0.001 };
        Assert.NotEqual(aware, slower);
        Assert.Equal("learningRate", slower.Problems().Single().Path);
        Assert.Contains("set base.learningRate", slower.Problems().Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_of_training_that_does_not_evaluate_again_is_told_so()
    {
        var training = TestData.Training() with { Optimizer = new SharpnessAware() };
        var recipe = new Recipe { Model = new Autoencoder(), Training = training };
        var message = Assert.Throws<InvalidOperationException>(() => recipe.Run(TestData.Digits())).Message;
        Assert.Contains("SharpnessAware evaluates the loss more than once a step", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hooks_are_asked_for_the_loss_twice_a_step_and_told_of_the_step_once()
    {
        using var session = TorchSession.Enter(1, 1);
        var hook = new Counter();
        var options = new TrainingOptions { Epochs = 1, Optimizer = new SharpnessAware() };
        var data = new Examples(Shape.Vector(1), new float[] { 1, 3, 2 }, new float[] { 0, 7, 4 });
        using var step = new SupervisedStep(new TorchNetwork(new Network(new Linear(1), Shape.Vector(1))), new RawValue(), options, hook);
        using var batches = new TensorBatches(data, 1, 1);
        new Trainer(options).Fit(step, batches);
        Assert.Equal((6, 3, 3), (hook.Losses, hook.Gradients, hook.Moves));
    }

    private static IEnumerable<double> Accuracies(RecipeResult trained) => trained.Reports[0].Epochs.Select(e => e.Validation["accuracy"]);

    private sealed class Counter : StepHook
    {
        public int Losses { get; private set; }

        public int Gradients { get; private set; }

        public int Moves { get; private set; }

        public override Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at)
        {
            Losses++;
            return loss;
        }

        public override void GradientsReady(StepPosition at) => Gradients++;

        public override void Moved(StepPosition at) => Moves++;
    }
}
