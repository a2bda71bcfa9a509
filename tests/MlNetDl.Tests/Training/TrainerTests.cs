using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Losses;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Training;

[Collection("torch")]
public sealed class TrainerTests
{
    [Fact]
    public void Blobs_are_learnt()
    {
        var report = Samples.Fit(Samples.Options with { Epochs = 20, Optimizer = new Adam { LearningRate = 0.01 } }).Report;
        Assert.Equal(Enumerable.Range(1, 20), report.Epochs.Select(e => e.Epoch));
        Assert.True(report.Epochs[^1].Training["loss"] < report.Epochs[0].Training["loss"] / 2);
        Assert.True(report.Epochs[^1].Validation["accuracy"] > 0.9);
        Assert.True(report.ExamplesPerSecond > 0);
        Assert.False(report.StoppedEarly);
    }

    // One weight, f(x) = w·x with x = 1, target 0, L = w²: α = ½ reaches 0 in one step, w ← (1 − 2α)·w below it, and
    // beyond α = 1 it diverges.
    [Theory]
    [InlineData(0.5, 1, 0)]
    [InlineData(0.1, 4, 0.4096)]
    [InlineData(1.0, 3, -1)]
    public void Gradient_descent_on_a_parabola_follows_the_closed_form(double learningRate, int epochs, double expected) =>
        Assert.Equal(expected, Parabola(new() { Epochs = epochs, Optimizer = new Sgd { LearningRate = learningRate, Momentum = 0 } }), 6);

    [Fact]
    public void A_loss_beyond_all_bounds_names_epoch_and_step_and_what_to_try()
    {
        var error = Assert.Throws<TrainingDivergedException>(
            () => Parabola(new() { Epochs = 500, Optimizer = new Sgd { LearningRate = 3, Momentum = 0 } }));
        Assert.Matches(@"epoch \d+, step 1\. Lower the learning rate, set clipNorm", error.Message);
    }

    [Fact]
    public void Auxiliary_heads_add_their_loss_by_weight()
    {
        // Both heads are the same single weight's: the gradient is 1.3 times that of one.
        Layer tree = new Sequential(new Tap("aux", new Identity()) { Role = TapRole.Auxiliary, LossWeight = 0.3 }, new Identity());
        var linear = new Sequential(new Linear(1) { Bias = false, Name = "only" }, tree);
        Assert.Equal(
            1 - (0.1 * 2 * 1.3),
            Parabola(new() { Epochs = 1, Optimizer = new Sgd { LearningRate = 0.1, Momentum = 0 } }, linear),
            6);
    }

    [Fact]
    public void Early_stopping_waits_for_its_patience_and_the_best_weights_return()
    {
        // The rate is so high that the loss only grows after some epoch.
        var options = Samples.Options with
        {
            Epochs = 60,
            Optimizer = new Sgd { LearningRate = 0.5 },
            EarlyStopping = new() { Patience = 3 },
            RestoreBestWeights = true,
        };
        var (weights, report) = Samples.Fit(options);
        var losses = report.Epochs.Select(e => e.Validation["loss"]).ToList();
        Assert.True(report.StoppedEarly);
        Assert.Equal(losses.IndexOf(losses.Min()) + 1, report.BestEpoch);
        Assert.Equal(report.BestEpoch + 3, report.Epochs.Count);
        Assert.True(report.Restored);
        Samples.AssertSame(Samples.Fit(options with { Epochs = report.BestEpoch, EarlyStopping = null }).Weights, weights);
    }

    [Fact]
    public void Accuracy_is_monitored_upwards()
    {
        var report = Samples.Fit(Samples.Options with { Epochs = 6, Monitor = new Accuracy() }).Report;
        var accuracies = report.Epochs.Select(e => e.Validation["accuracy"]).ToList();
        Assert.Equal(accuracies.IndexOf(accuracies.Max()) + 1, report.BestEpoch);
    }

    [Fact]
    public void A_metric_that_is_monitored_is_a_figure_of_the_training()
    {
        var report = Samples.Fit(Samples.Options with { Epochs = 3, Monitor = new BalancedAccuracy() }).Report;
        Assert.All(report.Epochs, e => Assert.Contains("macroAccuracy", e.Validation));
        Assert.Equal(MonitoredFigure.Named("macroAccuracy"), new TrainingOptions { Monitor = new BalancedAccuracy() }.Monitor);
        var e = Assert.Throws<ArgumentException>(() => Samples.Fit(Samples.Options with { Monitor = new RSquared() }));
        Assert.Contains("r2, which does not suit the task's scores", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_below_the_least_one_is_no_improvement()
    {
        var report = Samples.Fit(Samples.Options with { Epochs = 10, EarlyStopping = new() { Patience = 2, MinDelta = 100 } }).Report;
        Assert.Equal((1, 3), (report.BestEpoch, report.Epochs.Count));
    }

    [Fact]
    public void A_monitor_that_is_no_figure_is_refused_before_training() => Assert.Contains(
        "is no figure of this training; did you mean 'accuracy'?",
        Assert.Throws<ArgumentException>(() => Samples.Fit(Samples.Options with { Monitor = "acuracy" })).Message);

    [Fact]
    public void A_callback_sees_every_step_and_can_end_training()
    {
        var seen = new Seen();
        var report = Samples.Fit(Samples.Options, callbacks: seen).Report;
        Assert.Equal(12, seen.Steps.Count);
        Assert.Equal(Enumerable.Range(1, 6).Concat(Enumerable.Range(1, 6)), seen.Steps.Select(s => s.Step));
        Assert.All(seen.Steps, s => Assert.Equal((6, 3), (s.Steps, s.Epochs)));
        Assert.Equal(
            TimeSpan.Zero,
            Samples.Fit(Samples.Options with { Epochs = 1 }, callbacks: seen).Report is null
                ? default
                : seen.Steps[^1].Remaining);
        Assert.True(report.StoppedEarly);
        Assert.Equal(2, report.Epochs.Count);
    }

    [Fact]
    public void An_end_that_comes_anyway_is_not_early() =>
        Assert.False(Samples.Fit(Samples.Options with { Epochs = 2 }, callbacks: new Seen()).Report.StoppedEarly);

    [Fact]
    public void The_running_figures_are_means_over_the_epochs_examples()
    {
        // With a rate that moves nothing, the training figures are those of a pass over the data.
        var still = Samples.Options with { Epochs = 1, Optimizer = new Sgd { LearningRate = 1e-30 } };
        var network = new Analysis.Network(new Linear(Samples.Classes), Shape.Vector(Samples.Width));
        var a = Samples.Fit(still with { BatchSize = 16 }, network: network).Report.Epochs[0].Training;
        var b = Samples.Fit(still with { BatchSize = 90 }, network: network).Report.Epochs[0].Training;
        Assert.Equal(a["loss"], b["loss"], 5);
        Assert.Equal(a["accuracy"], b["accuracy"], 10);
    }

    [Fact]
    public void Class_weights_equal_repeated_examples()
    {
        var examples = Samples.Blobs(30);
        var doubled = examples.Where(_ => true) with
        {
            Features = ((float[])examples.Features)
                .Concat(
                    ((float[])examples.Features).Chunk(Samples.Width).Where((_, i) => i % 3 == 1).SelectMany(r => r))
                .ToArray(),
            Targets = ((long[])examples.Targets!).Concat(Enumerable.Repeat(1L, 10)).ToArray(),
        };
        var network = new Analysis.Network(new Linear(Samples.Classes), Shape.Vector(Samples.Width));
        var options = Samples.Options with
        {
            Epochs = 1,
            BatchSize = 64,
            Optimizer = new Sgd { LearningRate = 0.1 },
        };
        var weighted = Samples.Fit(options with { ClassWeights = ClassWeights.Of(("1", 2)) }, network: network, examples: examples).Weights;
        var repeated = Samples.Fit(options, network: network, examples: doubled).Weights;
        var exampleWeights = Samples.Fit(
            options,
            network: network,
            examples: examples with
            {
                Weights = [.. Enumerable.Range(0, 30).Select(i => i % 3 == 1 ? 2f : 1f)],
            }).Weights;
        foreach (var weight in repeated)
        {
            Assert.All(weight.Data.Zip(weighted[weight.Name].Data), p => Assert.Equal(p.First, p.Second, 5));
            Assert.All(weight.Data.Zip(exampleWeights[weight.Name].Data), p => Assert.Equal(p.First, p.Second, 5));
        }
    }

    [Fact]
    public void A_class_weight_for_a_class_that_is_not_there_is_refused() => Assert.Contains(
        "'d' that is not there; the classes are 0, 1, 2",
        Assert.Throws<ArgumentException>(
            () => Samples.Fit(Samples.Options with { ClassWeights = ClassWeights.Of(("d", 2)) })).Message);

    [Fact]
    public void Empty_data_is_refused() => Assert.Contains(
        "training data is empty",
        Assert.Throws<InvalidOperationException>(
            () => Samples.Fit(Samples.Options, examples: Samples.Blobs(0))).Message);

    [Fact]
    public void Bfloat16_trains_with_float32_weights()
    {
        var (weights, report) = Samples.Fit(Samples.Options with
        {
            Epochs = 20,
            Precision = Precision.BFloat16,
            Optimizer = new Adam { LearningRate = 0.01 },
        });
        Assert.True(report.Epochs[^1].Validation["accuracy"] > 0.9);
        // Stored weights have more digits than a bfloat16.
        Assert.Contains(weights.SelectMany(w => w.Data), w => (BitConverter.SingleToUInt32Bits(w) & 0xFFFF) != 0);
    }

    [Fact]
    public void Bfloat16_does_not_round_raw_features()
    {
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(new Analysis.Network(
            new Sequential(
                new Layers.Normalize([10_000], [1]), new Linear(1) { Bias = false, WeightInit = new ConstantInit(1) }),
            Shape.Vector(1)))
        { Precision = Precision.BFloat16 };
        Assert.Equal(
            [-1f, 0, 1],
            network.Forward(tensor(new float[,] { { 9_999 }, { 10_000 }, { 10_001 } }))[Analysis.Network.DefaultOutput]
                .data<float>());
    }

    private static double Parabola(TrainingOptions options, Layer? tree = null)
    {
        options = options with
        {
            Threads = 1,
            Device = "cpu",
            Loss = new MeanSquaredError(),
            Schedule = new Constant(),
        };
        using var session = TorchSession.Enter(1, 1);
        using var network = new TorchNetwork(new Analysis.Network(tree ?? new Linear(1) { Bias = false, Name = "only" }, Shape.Vector(1)));
        using (no_grad())
        {
            network.Tensors.Single().Tensor.fill_(1);
        }

        using var step = new SupervisedStep(network, PredictionTask.Regression.Of(), options);
        using var batches = new TensorBatches(new(Shape.Vector(1), new float[] { 1 }, new float[] { 0 }), 1);
        new Trainer(options).Fit(step, batches);
        return network.ReadWeights().Single().Data[0];
    }

    private sealed class Seen : Callback
    {
        public List<TrainingProgress> Steps { get; } = [];

        public override void StepEnded(TrainingProgress progress) => Steps.Add(progress);

        public override bool EpochEnded(EpochReport epoch) => epoch.Epoch < 2;
    }
}
