using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Losses;

namespace MlNetDl.Tests.Training;

/// <summary>Options of supervised training that would leave scores or figures of another meaning
/// than their name.</summary>
[Collection("torch")]
public sealed class SupervisedOptionsTests
{
    private static readonly TrainingOptions Options = new()
    {
        Epochs = 1,
        BatchSize = 16,
        Threads = 1,
    };

    static SupervisedOptionsTests() => Catalogs.Metrics.Register<Named>("namedOfTests");

    [Fact]
    public void A_loss_that_does_not_suit_the_task_is_refused()
    {
        Assert.Contains(
            "training.loss is MeanSquaredError, which does not suit BinaryClassification",
            Refused(new BinaryClassification(), Options with { Loss = new MeanSquaredError() }),
            StringComparison.Ordinal);
        Assert.Contains(
            "choose one that does (MeanSquaredError)",
            Refused(new Regression(), Options with { Loss = new BinaryCrossEntropy() }),
            StringComparison.Ordinal);
        Assert.Contains(
            "CrossEntropy, which does not suit Regression",
            Refused(new Regression(), Options with { Loss = new CrossEntropy() }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Two_figures_of_one_name_are_refused()
    {
        Assert.Contains(
            "Two figures of this training are named 'loss' (Named)",
            Refused(new Regression(), Options with { Metrics = [new Named { Name = "loss" }] }),
            StringComparison.Ordinal);
        Assert.Contains(
            "named 'mine' (Named, Named)",
            Refused(
                new Regression(),
                Options with { Metrics = [new Named { Name = "mine" }, new Named { Name = "mine", Power = 3 }] }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_metric_twice_is_one_figure()
    {
        var blobs = Samples.Blobs();
        var twice = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = new Mlp { Hidden = [4] },
            Training = Options with { Metrics = [new MatthewsCorrelation(), new MatthewsCorrelation()] },
        };
        Assert.Contains("matthewsCorrelation", twice.Run(blobs, blobs).Reports[0].Epochs[0].Validation.Keys);
    }

    private static string Refused(LearningTask task, TrainingOptions options)
    {
        var blobs = Samples.Blobs();
        var examples = blobs with { Targets = Enumerable.Range(0, blobs.Count).Select(i => (float)(i % 2)).ToArray(), ClassNames = [] };
        return Assert.Throws<ArgumentException>(() => new Recipe
        {
            Task = task,
            Model = new Mlp { Hidden = [4] },
            Training = options,
        }.Run(examples)).Message;
    }

    internal sealed record Named : Metric
    {
        public string Name { get; init; } = "";

        public int Power { get; init; } = 2;

        public override string FigureName => Name;

        public override Goal Goal => Goal.Minimize;

        public override bool Takes(ScoreForm form) => true;

        protected override MetricRun Begin(ScoreForm form, int width) => new AbsoluteError().Start(form, width);
    }
}
