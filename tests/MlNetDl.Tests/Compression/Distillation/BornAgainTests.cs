using MlNetDl.Compression;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression.Distillation;

/// <summary>Networks that learn from the one before them.</summary>
[Collection("torch")]
public sealed class BornAgainTests
{
    [Fact]
    public void Each_generation_is_a_training_of_its_own_with_new_weights()
    {
        var result = Lessons.Student(new Fit(), new BornAgain { Generations = 2, Epochs = 5 }).Run(Samples.Blobs());
        Assert.Equal([3, 5, 5], result.Reports.Select(r => r.Epochs.Count));
        Assert.Equal(["fit", "bornAgain", "bornAgain"], result.Package.Manifest.Trainings.Select(t => t.Stage));
        var first = Lessons.Student(new Fit()).Weights();
        Assert.Equal(first.Select(w => w.Name), result.Package.ReadWeights().Select(w => w.Name));
        // First weights follow from the teacher's, to the last digit, so that each processor draws others.
        Assert.InRange(Score(result.Package), 60, 90);
    }

    /// <summary>A generation is the training of a network with its own first weights and the first network as its
    /// teacher: with α = 0 it learns from the labels alone, and otherwise its answers are nearer to the teacher's.</summary>
    [Fact]
    public void The_model_before_is_the_teacher()
    {
        var teacher = Lessons.Student(new Fit()).Run(Samples.Blobs()).Package;
        var (taught, alone) = (Born(1), Born(0));
        Assert.True(Apart(taught, teacher) < Apart(alone, teacher), $"{Apart(taught, teacher)} {Apart(alone, teacher)}");

        static ModelPackage Born(double alpha) =>
            Lessons.Student(new Fit(), new BornAgain { Alpha = alpha, Temperature = 1 }).Run(Samples.Blobs()).Package;
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(40)]
    public void Generations_that_were_interrupted_leave_the_same_weights(int steps)
    {
        using var folder = new TemporaryFolder();
        var recipe = Lessons.Student(new Fit(), new BornAgain { Generations = 2 });
        DistilledTests.Interrupted(recipe with { CheckpointPath = folder["checkpoint"] }, steps);
        Samples.AssertSame(recipe.Weights(), (recipe with { CheckpointPath = folder["checkpoint"] }).Weights());
    }

    /// <summary>A teacher that was trained for longer is another one, so its students begin anew.</summary>
    [Fact]
    public void A_longer_training_of_the_teacher_begins_the_generations_anew()
    {
        using var folder = new TemporaryFolder();
        var recipe = Lessons.Student(new Fit(), new BornAgain { Epochs = 2 }) with { CheckpointPath = folder["checkpoint"] };
        recipe.Weights();
        var messages = new Messages();
        var longer = recipe with { Training = recipe.Training with { Epochs = 4 }, Callbacks = [messages] };
        var resumed = longer.Weights();
        Assert.Contains(messages.Texts, t => t.StartsWith("Fit 2 begins anew", StringComparison.Ordinal));
        Samples.AssertSame((longer with { CheckpointPath = null }).Weights(), resumed);
    }

    [Fact]
    public void Values_are_taught_on_the_networks_own_scale()
    {
        var recipe = Lessons.Student(new Fit(), new BornAgain { Alpha = 1 }) with { Task = new Regression() };
        var report = recipe.Run(TeacherTests.Values()).Reports[1].Epochs;
        Assert.True(report[^1].Training["loss"] < report[0].Training["loss"]);
        Assert.True(report[^1].Training["loss"] < 1);
    }

    private static int Score(ModelPackage package)
    {
        using var model = MlNetDl.MlNet.NeuralNetworkTransformer.Of(new(), package);
        var scores = model.Score(Samples.Blobs());
        return Enumerable.Range(0, 90).Count(i => scores.AsSpan(i * 3, 3).IndexOf(scores.AsSpan(i * 3, 3).ToArray().Max()) == i % 3);
    }

    private static double Apart(ModelPackage one, ModelPackage other)
    {
        using var a = MlNetDl.MlNet.NeuralNetworkTransformer.Of(new(), one);
        using var b = MlNetDl.MlNet.NeuralNetworkTransformer.Of(new(), other);
        return a.Score(Samples.Blobs()).Zip(b.Score(Samples.Blobs()), (x, y) => Math.Abs(x - y)).Average();
    }
}
