using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Training;

/// <summary>How long a training is where nobody says.</summary>
[Collection("torch")]
public sealed class TrainingLengthTests
{
    [Theory]
    [InlineData(1, 16)]
    [InlineData(120, 16)]
    [InlineData(640, 32)]
    [InlineData(1437, 64)]
    [InlineData(60_000, 128)]
    [InlineData(10_000_000_000, 128)]
    public void Batches_follow_the_number_of_examples(long examples, int size) => Assert.Equal(size, TrainingLength.BatchSize(examples));

    [Theory]
    [InlineData(1, 200)]
    [InlineData(8, 125)]
    [InlineData(23, 44)]
    [InlineData(469, 10)]
    [InlineData(int.MaxValue, 10)]
    public void Epochs_make_a_thousand_steps(int steps, int epochs) => Assert.Equal(epochs, TrainingLength.Epochs(steps));

    [Fact]
    public void The_fewest_epochs_that_are_not_surely_worse_are_taken()
    {
        // After two epochs one fold is worse and one is better; after one, both are worse.
        Assert.Equal(2, EpochChoice.Fewest([[5, 1.2, 1, 2], [5, 0.9, 1, 2], [5, 1.1, 1, 2]]));
        Assert.Equal(3, EpochChoice.Fewest([[5, 1.2, 1, 2], [5, 1.2, 1, 2], [5, 1.2, 1, 2]]));
        Assert.Equal(1, EpochChoice.Fewest([[1, 2, double.NaN], [1, 2, double.NaN]]));
    }

    [Fact]
    public void What_was_chosen_is_told_and_what_is_set_stays()
    {
        var heard = new Heard();
        var rows = Rows(120);
        var task = new MulticlassClassification();
        var free = new Recipe { Task = task, Model = new Mlp { Hidden = [32] }, Training = new() { Threads = 1 }, Callbacks = [heard] };
        var trained = free.Run(rows);
        Assert.Contains(heard.Messages, m => m.StartsWith("training.epochs is not set: 5 folds of these rows", StringComparison.Ordinal));
        Assert.Contains(heard.Messages, m => m.Contains("batches of 16 (training.batchSize)", StringComparison.Ordinal));
        Assert.InRange(trained.Reports[0].Epochs.Count, 2, 125);
        Assert.True(trained.Reports[0].Epochs[^1].Training["loss"] < 0.8 * Math.Log(3));

        heard.Messages.Clear();
        var set = free with { Model = new Mlp { Hidden = [4] }, Training = new() { Threads = 1, Epochs = 3, BatchSize = 7 } };
        Assert.Equal(3, set.Run(rows).Reports[0].Epochs.Count);
        Assert.DoesNotContain(heard.Messages, m => m.Contains("not set", StringComparison.Ordinal) || m.Contains("Chosen", StringComparison.Ordinal));

        // With validation rows the training is as long as its steps say: whoever holds some out may stop early.
        Assert.Equal(125, free.Run(rows, rows).Reports[0].Epochs.Count);
    }

    [Fact]
    public void A_class_of_one_row_is_in_no_fold_and_the_training_is_as_long_as_its_steps_say()
    {
        var rows = Rows(60);
        var rare = rows with { Targets = Enumerable.Range(0, 60).Select(i => i == 7 ? 1L : 0L).ToArray() };
        var recipe = new Recipe { Task = new MulticlassClassification(), Model = new Mlp { Hidden = [4] }, Training = new() { Threads = 1 } };
        Assert.Equal(200, recipe.Run(rare).Reports[0].Epochs.Count);
    }

    [Fact]
    public void Folds_take_features_as_the_training_does()
    {
        // Every third label is noise: of standardised features a network soon learns too much, of features that are small it never does.
        var rows = Rows(60);
        rows = rows with
        {
            Features = Array.ConvertAll((float[])rows.Features, v => v / 100),
            Targets = Enumerable.Range(0, 60).Select(i => i % 3 == 1 ? (long)(i / 3 % 3) : i % 3).ToArray(),
        };
        var task = new MulticlassClassification();
        var options = new TrainingOptions { Threads = 1, BatchSize = 60, Optimizer = new Adam { LearningRate = 0.1 } };
        var recipe = new Recipe { Task = task, Model = new Mlp { Hidden = [] }, Training = options };
        var data = ExamplePreparation.Of(rows, null, task, task.Label, options);
        Assert.InRange(Epochs(data), 1, 50);
        Assert.InRange(Epochs(data with { IsNormalized = true }), 100, 200);

        int Epochs(PreparedData prepared) => EpochChoice.For(recipe, prepared).Options.Epochs!.Value;
    }

    private static Examples Rows(int count) => new(
        Shape.Vector(2),
        Enumerable.Range(0, count * 2).Select(i => (i / 2 % 3 * 2) + MathF.Sin(i * 7.1f)).ToArray(),
        Enumerable.Range(0, count).Select(i => (long)(i % 3)).ToArray());

    private sealed class Heard : Callback
    {
        public List<string> Messages { get; } = [];

        public override void Message(string text) => Messages.Add(text);
    }
}
