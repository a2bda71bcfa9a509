using Microsoft.ML;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Recipes;

/// <summary>The same recipe runs without ML.NET, under it, and on a model that is fitted already.</summary>
[Collection("torch")]
public sealed class RecipeTests
{
    private static readonly TrainingOptions Options = new()
    {
        Epochs = 4,
        BatchSize = 16,
        Threads = 1,
        Seed = 5,
        Optimizer = new Adam { LearningRate = 0.02 },
    };

    static RecipeTests() => Catalogs.Stages.Register<Watch>("watchOfRecipeTests").Register<Nothing>("nothingOfRecipeTests");

    private static Recipe Plain => new()
    {
        Task = new MulticlassClassification(),
        Model = new Mlp { Hidden = [16] },
        Training = Options,
    };

    [Fact]
    public void A_recipe_and_the_ML_NET_trainer_leave_the_same_bytes()
    {
        var ml = new MLContext();
        var package = Plain.Run(Samples.Blobs()).Package;
        var trainer = ml.MulticlassClassification.Trainers.NeuralNetwork(
            new NeuralNetworkOptions { Network = new Mlp { Hidden = [16] }, Training = Options });
        Assert.Equal(trainer.Fit(Samples.Blobs()).Package.ToBytes(), package.ToBytes());
    }

    [Fact]
    public void A_package_becomes_a_transformer()
    {
        var package = Plain.Run(Samples.Blobs()).Package;
        using var model = NeuralNetworkTransformer.Of(new MLContext(), ModelPackage.Read(package.ToBytes()));
        var scores = model.Score(Samples.Blobs());
        Assert.Equal(90 * 3, scores.Length);
        Assert.True(Enumerable.Range(0, 90).Count(i => scores[(i * 3) + (i % 3)] > 0.5f) > 80);
    }

    [Fact]
    public void Two_fits_as_stages_are_the_second_continued_from_the_first()
    {
        var staged = (Plain with { Training = Options with { Stages = [new Fit(), new Fit { Epochs = 2 }] } }).Run(Samples.Blobs());
        var first = Plain.Run(Samples.Blobs());
        var second = (Plain with { Training = Options with { Epochs = 2 }, ContinueFrom = first.Package }).Run(Samples.Blobs());
        Assert.Equal([4, 2], staged.Reports.Select(r => r.Epochs.Count));
        Assert.Equal(["fit", "fit"], staged.Package.Manifest.Trainings.Select(t => t.Stage));
        Samples.AssertSame(second.Package.ReadWeights(), staged.Package.ReadWeights());
    }

    [Fact]
    public void Continuing_without_a_network_takes_the_models_own()
    {
        var first = Plain.Run(Samples.Blobs()).Package;
        var named = (Plain with { ContinueFrom = first }).Run(Samples.Blobs()).Package;
        var unnamed = (Plain with { Model = null, ContinueFrom = ModelPackage.Read(first.ToBytes()) }).Run(Samples.Blobs()).Package;
        Samples.AssertSame(named.ReadWeights(), unnamed.ReadWeights());
    }

    [Fact]
    public void An_order_of_stages_that_makes_no_sense_is_refused()
    {
        Assert.Contains("has no 'fit'", Refused(new Nothing()), StringComparison.Ordinal);
        Assert.Contains(
            "training.stages[0] (watchOfRecipeTests) takes part in the training of the stage before it",
            Refused(new Watch(), new Fit()),
            StringComparison.Ordinal);

        static string Refused(params ValueList<Stage> stages) => Assert.Throws<ArgumentException>(
            () => (Plain with { Training = Options with { Stages = stages } }).Run(Samples.Blobs())).Message;
    }

    [Fact]
    public void A_hook_behind_a_fit_takes_part_in_it()
    {
        Watch.Steps = 0;
        (Plain with { Training = Options with { Stages = [new Fit(), new Watch(), new Fit { Epochs = 1 }] } }).Run(Samples.Blobs());
        Assert.Equal(4 * 6, Watch.Steps);
    }

    [Fact]
    public void The_order_of_classes_is_told()
    {
        var messages = new Messages();
        (Plain with { Callbacks = [messages] }).Run(Samples.Blobs());
        var (told, counts) = (messages.Texts.Single(t => t.StartsWith("3 classes", StringComparison.Ordinal)), Samples.Blobs().Targets as long[]);
        var each = counts!.GroupBy(c => c).OrderBy(g => g.Key).Select(g => $"{g.Count()}");
        Assert.Equal($"3 classes, in this order: a, b, c; examples of each: {string.Join(", ", each)}", told);
    }

    [Fact]
    public void Balanced_weights_are_those_of_the_classes_frequencies()
    {
        var uneven = Samples.Blobs().Where(i => i % 3 != 1 || i % 2 == 0);
        var balanced = (Plain with { Training = Options with { ClassWeights = ClassWeights.Balanced } }).Run(uneven).Package;
        // 75 examples in 3 classes of 30, 15 and 30.
        var named = (Plain with
        {
            Training =
                Options with { ClassWeights = ClassWeights.Of(("a", 75.0 / 90), ("b", 75.0 / 45), ("c", 75.0 / 90)) },
        })
            .Run(uneven).Package;
        Samples.AssertSame(named.ReadWeights(), balanced.ReadWeights());
    }

    private sealed record Nothing : Stage
    {
        public override TrainedModel Run(StageContext context) => context.Model;
    }

    private sealed record Watch : FitHook
    {
        public static int Steps { get; set; }

        public override StepHook Start(StageContext context) => new Counter();

        private sealed class Counter : StepHook
        {
            public override void Moved(StepPosition at) => Steps++;
        }
    }

    private sealed class Messages : Callback
    {
        public List<string> Texts { get; } = [];

        public override void Message(string text) => Texts.Add(text);
    }
}
