using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using TorchSharp;

namespace MlNetDl.Tests.Training;

/// <summary>What the loop and a kind of training owe each other.</summary>
[Collection("torch")]
public sealed class TrainingStepTests
{
    [Fact]
    public void A_step_knows_where_it_stands()
    {
        using var step = new ScriptedStep();
        step.Fit(new() { Epochs = 2, Schedule = new MlNetDl.Training.Schedules.Cosine() });
        Assert.Equal([.. Enumerable.Range(0, 10)], step.Positions.Select(p => (int)p.Step));
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], step.Positions.Select(p => p.Epoch));
        Assert.All(step.Positions, p => Assert.Equal((10, (1 + Math.Cos(Math.PI * p.Step / 10)) / 2), (p.Steps, p.LearningRateFactor)));
    }

    [Fact]
    public void A_step_that_draws_several_batches_advances_by_as_many()
    {
        using var step = new ScriptedStep { BatchesOfStep = 2 };
        step.Fit(new() { Epochs = 2 });
        Assert.Equal([0L, 2, 4, 5, 7, 9], step.Positions.Select(p => p.Step));
    }

    [Theory]
    [InlineData(Goal.Minimize, 3)]
    [InlineData(Goal.Maximize, 1)]
    public void The_best_epoch_is_the_one_that_the_figures_goal_says(Goal goal, int best)
    {
        using var step = new ScriptedStep { Figure = new("fld", goal), Script = epoch => new[] { 673.0, 500, 321, 400 }[epoch - 1] };
        var report = step.Fit(new() { Epochs = 4, RestoreBestWeights = true });
        Assert.Equal((best, true), (report.BestEpoch, report.Restored));
        Assert.Equal(best * 5, step.Value);
    }

    [Fact]
    public void The_monitor_is_checked_for_every_kind_of_step_before_its_first()
    {
        using var step = new ScriptedStep { Figure = new("perplexity", Goal.Minimize) };
        var error = Assert.Throws<ArgumentException>(() => step.Fit(new() { Monitor = "perplexitiy" }));
        Assert.Equal("training.monitor is 'perplexitiy', which is no figure of this training; did you mean 'perplexity'?", error.Message);
        Assert.Empty(step.Positions);
    }

    [Fact]
    public void An_evaluation_without_the_figure_that_it_names_is_an_error()
    {
        using var network = new TorchNetwork(new(new Linear(1), Shape.Vector(1)));
        var best = new BestEpoch(new() { Monitor = "auc" }, Goal.Maximize);
        var report = new EpochReport(1, new Dictionary<string, double>(), new Dictionary<string, double> { ["loss"] = 1 }, 1, 0);
        Assert.Contains(
            "names the figure 'auc', but its evaluation gives: loss",
            Assert.Throws<InvalidOperationException>(() => best.Judge(report, true)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_figure_that_is_not_finite_is_never_the_best_and_is_told_once()
    {
        var messages = new Messages();
        using var step = new ScriptedStep { Script = epoch => new[] { double.NaN, 1, double.PositiveInfinity, 0.5 }[epoch - 1] };
        using var culture = new CommaCulture();
        var report = step.Fit(new() { Epochs = 4, RestoreBestWeights = true }, callbacks: messages);
        Assert.Equal((2, true), (report.BestEpoch, report.Restored));
        Assert.Equal(10, step.Value);
        Assert.Equal(["warning: 'figure' of the validation data is NaN in epoch 1; such an epoch is never the best."], messages.Texts);
    }

    [Fact]
    public void Where_the_figure_never_was_finite_the_last_weights_are_kept()
    {
        var messages = new Messages();
        using var step = new ScriptedStep { Script = _ => double.NaN };
        var report = step.Fit(new() { Epochs = 3, RestoreBestWeights = true }, callbacks: messages);
        Assert.Equal((3, false), (report.BestEpoch, report.Restored));
        Assert.Equal(15, step.Value);
        Assert.Equal("warning: 'figure' of the validation data never was a finite number; the last weights are kept.", messages.Texts[^1]);
        Assert.Equal(2, messages.Texts.Count);
    }

    [Theory]
    [InlineData(new[] { double.NaN, double.NaN, 1, 1 }, 2)]
    [InlineData(new[] { 1, double.NaN, double.NegativeInfinity, 2 }, 3)]
    [InlineData(new[] { 1, double.NaN, 2, 1, 1 }, 5)]
    public void Early_stopping_counts_epochs_that_are_not_finite_as_no_improvement(double[] figures, int epochs)
    {
        using var step = new ScriptedStep { Script = epoch => figures[epoch - 1] };
        Assert.Equal(epochs, step.Fit(new() { Epochs = figures.Length, EarlyStopping = new() { Patience = 2 } }).Epochs.Count);
    }

    [Fact]
    public void Epochs_that_may_not_be_the_best_neither_are_nor_use_up_the_patience()
    {
        // The first three are better than all that follow, but come too early.
        using var step = new ScriptedStep
        {
            MayBe = at => at.Step + 1 >= 20,
            Script = epoch => new[] { 9, 8, 7, 1, 2, 1, 1.0, 3 }[epoch - 1],
        };
        var report = step.Fit(new()
        {
            Epochs = 8,
            RestoreBestWeights = true,
            EarlyStopping = new() { Patience = 2 },
        });
        Assert.Equal((7, 5, true), (report.Epochs.Count, report.BestEpoch, report.StoppedEarly));
        Assert.Equal(25, step.Value);
    }

    [Fact]
    public void Where_no_epoch_may_be_the_best_the_last_weights_are_kept()
    {
        var messages = new Messages();
        using var step = new ScriptedStep { MayBe = _ => false };
        var report = step.Fit(new() { Epochs = 2, RestoreBestWeights = true }, callbacks: messages);
        Assert.Equal((2, false), (report.BestEpoch, report.Restored));
        Assert.Equal(["warning: no epoch with a finite figure could be the best; the last weights are kept."], messages.Texts);
    }

    /// <summary>Cancelled at the end of an epoch, the evaluation comes first after resuming: what it draws must not
    /// depend on that.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(10)]
    public void An_evaluation_that_draws_and_state_beside_the_weights_continue_bit_for_bit(int steps)
    {
        using var folder = new TemporaryFolder();
        using var straight = new ScriptedStep();
        var expected = straight.Fit(new() { Epochs = 3 });
        using (var first = new ScriptedStep())
        {
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(
                () => first.Fit(new() { Epochs = 3 }, folder["checkpoint"], stop.Token, new CancelAfter(steps, stop)));
        }

        using var resumed = new ScriptedStep();
        var report = resumed.Fit(new() { Epochs = 3 }, folder["checkpoint"]);
        Assert.Equal(expected.Epochs.Select(Samples.Figures), report.Epochs.Select(Samples.Figures));
        Assert.Equal(3, expected.Epochs.Select(Samples.Figures).Distinct().Count());
        Assert.Equal(straight.Drawn, resumed.Drawn);
        Assert.Equal(straight.Value, resumed.Value);
    }

    [Fact]
    public void What_callbacks_draw_and_the_modes_they_set_change_nothing()
    {
        var options = Samples.Options with { ClipNorm = 0.5, RestoreBestWeights = true };
        var (quiet, report) = Samples.Fit(options);
        var (noisy, noisyReport) = Samples.Fit(options, callbacks: new Noise());
        Samples.AssertSame(quiet, noisy);
        Assert.Equal(report.Epochs.Select(Samples.Figures), noisyReport.Epochs.Select(Samples.Figures));

        using ScriptedStep alone = new(), disturbed = new();
        Assert.Equal(
            alone.Fit(new() { Epochs = 2 }).Epochs.Select(Samples.Figures),
            disturbed.Fit(new() { Epochs = 2 }, callbacks: new Noise()).Epochs.Select(Samples.Figures));
        Assert.Equal(alone.Drawn, disturbed.Drawn);
    }

    [Fact]
    public void Callbacks_see_networks_at_the_start_and_gradients_before_they_are_clipped()
    {
        var watch = new Watch();
        Samples.Fit(Samples.Options with { Epochs = 2, ClipNorm = 1e-3 }, callbacks: watch);
        Assert.Equal(["network"], watch.Networks);
        Assert.Equal([.. Enumerable.Range(0, 12)], watch.Norms.Select(n => (int)n.Step));
        Assert.All(watch.Norms, n => Assert.True(n.Norm > 0.01));
    }

    [Theory]
    [InlineData(PredictionTask.Multiclass, 3)]
    [InlineData(PredictionTask.Binary, 1)]
    [InlineData(PredictionTask.Regression, 1)]
    public void Supervised_steps_name_the_figures_that_they_give(PredictionTask task, int outputs)
    {
        using var step = new SupervisedStep(new TorchNetwork(new(new Linear(outputs), Shape.Vector(2))), task.Of(), new());
        using var scope = torch.NewDisposeScope();
        var target = task == PredictionTask.Multiclass ? torch.tensor(new long[] { 0, 2 }) : torch.tensor(new float[,] { { 0 }, { 1 } });
        Assert.Equal(step.Evaluate([new([torch.rand(2, 2)], target)]).Keys, step.Figures.Select(f => f.Name));
        Assert.All(step.Figures, f => Assert.Equal(f.Name == "loss" ? Goal.Minimize : Goal.Maximize, f.Goal));
    }

    private sealed class Noise : Callback
    {
        private TrainingStep? step;

        public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done)
        {
            this.step = step;
            Disturb();
        }

        public override void GradientsReady(TrainingStep step, StepPosition at) => Disturb();

        public override void StepEnded(TrainingProgress progress) => Disturb();

        public override bool EpochEnded(EpochReport epoch)
        {
            Disturb();
            return true;
        }

        private void Disturb()
        {
            using var scope = torch.NewDisposeScope();
            torch.rand(7);
            torch.manual_seed(5);
            foreach (var network in step!.Networks.Values)
            {
                network.SetTraining(false);
            }
        }
    }

    private sealed class Watch : Callback
    {
        public List<string> Networks { get; } = [];

        public List<(long Step, double Norm)> Norms { get; } = [];

        public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done) => Networks.AddRange(step.Networks.Keys);

        public override void GradientsReady(TrainingStep step, StepPosition at)
        {
            using var scope = torch.NewDisposeScope();
            Norms.Add((at.Step, step.Networks["network"].Tensors.Where(t => t.Trainable).Max(t => t.Tensor.grad!.norm().item<float>())));
        }
    }
}
