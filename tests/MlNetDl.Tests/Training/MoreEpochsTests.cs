using Microsoft.ML;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Tests.Training;

/// <summary>A finished training made longer equals one longer training, or is refused.</summary>
[Collection("torch")]
public sealed class MoreEpochsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string CheckpointFile => folder["checkpoint"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Under_a_constant_rate_it_equals_one_longer_training_bit_for_bit(bool restores)
    {
        var options = Samples.Options with
        {
            Epochs = 5,
            RestoreBestWeights = restores,
            Optimizer = new Adam { LearningRate = 0.01 },
        };
        var straight = Samples.Fit(options);
        Samples.Fit(options with { Epochs = 2 }, CheckpointFile);
        var messages = new Messages();
        var longer = Samples.Fit(options, CheckpointFile, callbacks: messages);
        Samples.AssertSame(straight.Weights, longer.Weights);
        Assert.Equal(straight.Report.Epochs.Select(Samples.Figures), longer.Report.Epochs.Select(Samples.Figures));
        Assert.Equal((straight.Report.BestEpoch, straight.Report.Restored), (longer.Report.BestEpoch, longer.Report.Restored));
        Assert.Equal(
            [
                "The checkpoint is of a training of 2 epochs; now there are 5, as if there had been from the start.",
                "Continuing after epoch 2.",
            ],
            messages.Texts);
    }

    public static TheoryData<Schedule> Spread => [new Cosine(), new OneCycle(), new Step(), new Constant { WarmUp = 0.3 }];

    [Theory]
    [MemberData(nameof(Spread))]
    public void Under_a_schedule_that_spreads_over_all_epochs_it_is_refused(Schedule schedule)
    {
        var options = Samples.Options with { Epochs = 2, Schedule = schedule };
        var first = Samples.Fit(options, CheckpointFile);
        var before = File.ReadAllBytes(CheckpointFile);
        var message = Assert.Throws<InvalidDataException>(() => Samples.Fit(options with { Epochs = 3 }, CheckpointFile)).Message;
        Assert.Contains(
            $"is of a training of 2 epochs and cannot be continued to 3: the schedule {schedule.GetType().Name} "
                + "spreads over all epochs",
            message,
            StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(CheckpointFile));
        Samples.AssertSame(first.Weights, Samples.Fit(options, CheckpointFile).Weights);
    }

    [Fact]
    public void With_a_hook_that_depends_on_the_length_it_is_refused()
    {
        Samples.Fit(Samples.Options, CheckpointFile, hooks: [new Annealed()]);
        Samples.Fit(Samples.Options, CheckpointFile, hooks: [new Annealed()]);
        var error = Assert.Throws<InvalidDataException>(
            () => Samples.Fit(Samples.Options with { Epochs = 4 }, CheckpointFile, hooks: [new Annealed()]));
        Assert.Contains("what this training does depends on how long it is", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schedule_by_absolute_steps_can_go_on()
    {
        var options = Samples.Options with { Epochs = 3, Schedule = new Noam() };
        var straight = Samples.Fit(options);
        Samples.Fit(options with { Epochs = 1 }, CheckpointFile);
        Samples.AssertSame(straight.Weights, Samples.Fit(options, CheckpointFile).Weights);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void What_early_stopping_has_ended_or_would_have_ended_stays_ended(int epochs)
    {
        // The rate moves nothing, so that the first epoch stays the best and the patience is over after the fourth.
        var options = Samples.Options with
        {
            Epochs = 12,
            EarlyStopping = new() { Patience = 3, MinDelta = 100 },
            Optimizer = new Sgd { LearningRate = 1e-30 },
        };
        var straight = Samples.Fit(options);
        Assert.Equal((4, true), (straight.Report.Epochs.Count, straight.Report.StoppedEarly));
        Samples.Fit(options with { Epochs = epochs }, CheckpointFile);
        var steps = new Steps();
        var longer = Samples.Fit(options, CheckpointFile, callbacks: steps);
        Assert.Equal(0, steps.Count);
        Assert.Equal((4, true), (longer.Report.Epochs.Count, longer.Report.StoppedEarly));
        Samples.AssertSame(straight.Weights, longer.Weights);
    }

    [Fact]
    public void Patience_goes_on_where_it_was()
    {
        var options = Samples.Options with { Epochs = 12, EarlyStopping = new() { Patience = 5, MinDelta = 100 } };
        Samples.Fit(options with { Epochs = 3 }, CheckpointFile);
        Assert.Equal(6, Samples.Fit(options, CheckpointFile).Report.Epochs.Count);
    }

    [Fact]
    public void Fewer_epochs_than_are_done_are_refused()
    {
        Samples.Fit(Samples.Options with { Epochs = 3 }, CheckpointFile);
        Assert.Contains(
            "is in epoch 3, but training.epochs is 2; raise it",
            Assert.Throws<InvalidDataException>(
                () => Samples.Fit(Samples.Options with { Epochs = 2 }, CheckpointFile)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_trainer_of_ML_NET_goes_on_with_more_epochs()
    {
        NeuralNetworkTransformer Fit(int epochs, string? checkpoint, Callback callback, double rate = 0.01) =>
            new Microsoft.ML.MLContext(seed: 1).MulticlassClassification.Trainers
                .NeuralNetwork(new NeuralNetworkOptions
                {
                    Network = new Mlp { Hidden = [4] },
                    CheckpointPath = checkpoint,
                    Callbacks = [callback],
                    Training = new()
                    {
                        Epochs = epochs,
                        Threads = 1,
                        Optimizer = new Adam { LearningRate = rate },
                        BatchSize = 30,
                    },
                })
                .Fit(Samples.Blobs());

        var steps = new Steps();
        Fit(2, CheckpointFile, steps);
        var longer = Fit(3, CheckpointFile, steps);
        Assert.Equal(9, steps.Count);
        Samples.AssertSame(Fit(3, null, steps).Package.ReadWeights(), longer.Package.ReadWeights());
        Assert.Contains(
            "is of another training",
            Assert.Throws<InvalidDataException>(() => Fit(4, CheckpointFile, steps, rate: 0.02)).Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private sealed class Annealed : StepHook
    {
        public override bool DependsOnLength => true;
    }

    private sealed record Noam : Schedule
    {
        protected override double Factor(long step, long totalSteps) => Math.Min(Math.Pow(step + 1, -0.5), (step + 1) * Math.Pow(4, -1.5));
    }

    private sealed class Steps : Callback
    {
        public int Count { get; private set; }

        public override void StepEnded(TrainingProgress progress) => Count++;
    }
}
