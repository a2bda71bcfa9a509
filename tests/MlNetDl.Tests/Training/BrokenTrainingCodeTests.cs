using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Training;
using MlNetDl.Training.Augmentation;
using MlNetDl.Training.Losses;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Training;

/// <summary>What the code of losses, optimisers and schedules throws, or gives that it may not, names the
/// component.</summary>
[Collection("torch")]
public sealed class BrokenTrainingCodeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_loss_that_torch_refuses_is_named_without_a_dump(bool weighted)
    {
        using var scope = NewDisposeScope();
        var e = Assert.Throws<ComponentException>(
            () => new OwnLoss((a, b) => (a - b).sum(1)).Mean(ones(3, 2), zeros(3, 5), weighted ? ones(3) : null));
        Assert.StartsWith("the loss OwnLoss failed in PerExample: The size of tensor a (2) must match", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "It compared Float32[3, 2] with Float32[3, 5]; let Misfit refuse what the loss cannot compare.", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.IsAssignableFrom<System.Runtime.InteropServices.ExternalException>(e.InnerException);
    }

    [Fact]
    public void A_loss_that_gives_nothing_or_whose_check_fails_is_named()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(
            "the loss OwnLoss failed in PerExample: it returned null; return a tensor.",
            Assert.Throws<ComponentException>(() => new OwnLoss((_, _) => null!).Mean(ones(3, 2), zeros(3, 2))).Message);
        var check = new OwnLoss((a, b) => a - b) { Check = () => throw new FormatException("no check") };
        Assert.StartsWith(
            "the loss OwnLoss failed in Misfit: no check.",
            Assert.Throws<ComponentException>(() => check.Mean(ones(3, 2), zeros(3, 2))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_optimizer_that_fails_is_named_with_the_weight_and_step()
    {
        using var scope = NewDisposeScope();
        var weight = ones(2, 3, requires_grad: true);
        using var run = new OwnOptimizer().Start([weight]);
        weight.sum().backward();
        var e = Assert.Throws<ComponentException>(() => run.Step(0.1));
        Assert.StartsWith("weight [2, 3], step 1: the optimizer OwnOptimizer failed in Update: ", e.Message, StringComparison.Ordinal);
        Assert.IsType<ArgumentOutOfRangeException>(e.InnerException);
    }

    [Fact]
    public void An_optimizer_that_evaluates_again_is_blamed_for_its_own_code_only()
    {
        using var scope = NewDisposeScope();
        var lost = new FormatException("no loss");
        using var again = new Again { Ask = backward => backward() }.Start([ones(2)]);
        Assert.Same(lost, Assert.Throws<FormatException>(() => again.Reevaluate(() => throw lost)));
        using var own = new Again { Ask = _ => throw new FormatException("no gradient") }.Start([ones(2)]);
        Assert.Equal(
            "step 1: the optimizer Again failed in Reevaluate: no gradient.",
            Assert.Throws<ComponentException>(() => own.Reevaluate(() => 0)).Message);
    }

    [Fact]
    public void An_augmentation_or_a_metric_that_fails_is_named()
    {
        var e = Assert.Throws<ComponentException>(() => Recipe(new() { Epochs = 1, Augmentations = [new OwnAugmentation()] }));
        Assert.Equal("the augmentation OwnAugmentation failed in Apply: no image.", e.Message);
        e = Assert.Throws<ComponentException>(() => Recipe(new() { Epochs = 1, Metrics = [new OwnMetric()] }));
        Assert.Equal("the metric OwnMetric failed in Run.Add: no row.", e.Message);

        static void Recipe(TrainingOptions options) => new MlNetDl.Recipes.Recipe
        {
            Model = new MlNetDl.Networks.Mlp(),
            Task = new MlNetDl.Tasks.Regression(),
            Training = options with { Threads = 1, BatchSize = 4 },
        }.Run(new MlNetDl.Data.Examples(Shape.Image(1, 2, 2), new float[32], new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }));
    }

    [Fact]
    public void A_schedule_that_gives_no_number_is_named_and_not_the_learning_rate()
    {
        var options = Samples.Options with { Epochs = 2, Schedule = new OwnSchedule(s => s < 3 ? 1 : double.NaN) };
        var e = Assert.Throws<ComponentException>(() => Samples.Fit(options));
        Assert.Matches(@"^epoch \d, step 4 of all \d+: the schedule OwnSchedule failed in Factor: it gave NaN; give a finite number", e.Message);
        e = Assert.Throws<ComponentException>(() => new OwnSchedule(_ => throw new FormatException("no factor")).FactorAt(0, 9));
        Assert.Equal("step 1 of all 9: the schedule OwnSchedule failed in Factor: no factor.", e.Message);
        Assert.Throws<ComponentException>(() => new OwnSchedule(_ => double.PositiveInfinity).FactorAt(0, 9));
        Assert.Equal(1, new OwnSchedule(_ => 1).FactorAt(0, 9));
    }

    private sealed record OwnLoss(Func<Tensor, Tensor, Tensor> Value) : Loss
    {
        public Func<string?> Check { get; init; } = () => null;

        protected override Tensor PerExample(Tensor outputs, Tensor targets) => Value(outputs, targets);

        protected override string? Misfit(Tensor outputs, Tensor targets) => Check();
    }

    private sealed record OwnOptimizer : Optimizer
    {
        public override double LearningRate { get; init; } = 0.1;

        public override int Slots => 1;

        public override void Update(WeightUpdate at) => at.Weight.sub_(at.State[1]);
    }

    private sealed record Again : Optimizer, IReevaluatingOptimizer
    {
        public required Func<Func<double>, double> Ask { get; init; }

        public override double LearningRate { get; init; } = 0.1;

        public override int Slots => 0;

        public override void Update(WeightUpdate at)
        {
        }

        public void Reevaluate(IReadOnlyList<Tensor> parameters, Func<double> backward) => Ask(backward);
    }

    private sealed record OwnAugmentation : Augmentation
    {
        public override Tensor Apply(Tensor images, Random random) => throw new FormatException("no image");
    }

    private sealed record OwnMetric : Metric
    {
        public override string FigureName => "own";

        public override Goal Goal => Goal.Minimize;

        public override bool Takes(ScoreForm form) => true;

        protected override MetricRun Begin(ScoreForm form, int width) => new Run(form, width);

        private sealed class Run(ScoreForm form, int width) : MetricRun(form, width)
        {
            public override double Value => 0;

            public override double[] State { get; set; } = [];

            protected override void Collect(in ScoredRows rows, int row, double weight) => throw new FormatException("no row");
        }
    }

    private sealed record OwnSchedule(Func<long, double> Value) : Schedule
    {
        protected override double Factor(long step, long totalSteps) => Value(step);
    }
}
