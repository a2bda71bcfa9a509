using Microsoft.ML;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Compression.Distillation;

/// <summary>Trainings with a teacher, by recipes and by the trainer of ML.NET.</summary>
[Collection("torch")]
public sealed class DistilledTests
{
    private static Distilled OfMemory => new() { Teacher = [Teacher.Of(Lessons.Teacher)] };

    [Fact]
    public void Without_the_teachers_part_the_weights_are_those_of_the_training_alone()
    {
        Samples.AssertSame(Lessons.Student(new Fit()).Weights(), Lessons.Taught(OfMemory with { Alpha = 0 }).Weights());
        Assert.NotEqual(
            Lessons.Student(new Fit()).Weights()["output.weight"].Data, Lessons.Taught(OfMemory).Weights()["output.weight"].Data);
    }

    /// <summary>With α = 1 the labels do not count: a student with wrong ones learns its teacher's answers.</summary>
    [Fact]
    public void With_the_teachers_part_alone_labels_do_not_count()
    {
        var blobs = Samples.Blobs();
        var wrong = blobs with { Targets = ((long[])blobs.Targets!).Select(t => (t + 1) % 3).ToArray() };
        var recipe = Lessons.Taught(OfMemory with { Alpha = 1 });
        Samples.AssertSame(recipe.Weights(), recipe.Weights(wrong));
    }

    [Fact]
    public void A_teacher_in_a_file_or_in_memory_leaves_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        var expected = Lessons.Taught(OfMemory).Weights();
        Samples.AssertSame(expected, Lessons.Taught(OfMemory with { Teacher = [Lessons.Teacher.Saved(folder)] }).Weights());
        Samples.AssertSame(expected, Lessons.Taught(OfMemory with { Teacher = [Lessons.Teacher.ToOnnx().Saved(folder)] }).Weights());
    }

    [Fact]
    public void Two_equal_teachers_are_nearly_one_and_two_others_are_not()
    {
        var one = Lessons.Taught(OfMemory).Weights();
        var twice = Lessons.Taught(new() { Teacher = [Teacher.Of(Lessons.Teacher), Teacher.Of(Lessons.Teacher)] }).Weights();
        Assert.All(one.Zip(twice).SelectMany(w => w.First.Data.Zip(w.Second.Data)), v => Assert.Equal(v.First, v.Second, 1e-3f));
        var two = Lessons.Taught(new() { Teacher = [Teacher.Of(Lessons.Teacher), Teacher.Of(Lessons.OtherTeacher)] }).Weights();
        Assert.Contains(one.Zip(two).SelectMany(w => w.First.Data.Zip(w.Second.Data)), v => Math.Abs(v.First - v.Second) > 1e-2);
    }

    [Fact]
    public void Kept_answers_change_no_weight() =>
        Samples.AssertSame(Lessons.Taught(OfMemory).Weights(), Lessons.Taught(OfMemory with { CacheMB = 0 }).Weights());

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(11)]
    public void A_training_that_was_interrupted_leaves_the_same_weights(int steps)
    {
        using var folder = new TemporaryFolder();
        var recipe = Lessons.Taught(OfMemory);
        recipe = recipe with { Training = recipe.Training with { RestoreBestWeights = true } };
        Interrupted(recipe with { CheckpointPath = folder["checkpoint"] }, steps);
        Samples.AssertSame(recipe.Weights(), (recipe with { CheckpointPath = folder["checkpoint"] }).Weights());
    }

    [Fact]
    public void A_checkpoint_belongs_to_its_teacher_and_holds_nothing_of_it()
    {
        using var folder = new TemporaryFolder();
        var path = Lessons.Teacher.Saved(folder);
        var recipe = Lessons.Taught(new() { Teacher = [path] }) with { CheckpointPath = folder["checkpoint"] };
        Interrupted(recipe, 3);
        Interrupted(Lessons.Student(new Fit()) with { CheckpointPath = folder["alone"] }, 3);
        Assert.InRange(new FileInfo(folder["checkpoint"]).Length - new FileInfo(folder["alone"]).Length, 0, 2000);
        Lessons.OtherTeacher.Saved(folder);
        Assert.Contains("is of another training", Assert.Throws<InvalidDataException>(() => recipe.Weights()).Message);
    }

    /// <summary>Augmented batches are scored as the student sees them; a resumed training sees the same.</summary>
    [Fact]
    public void Augmented_examples_are_taught_as_they_are_seen()
    {
        var images = Samples.Blobs() with { Shape = MlNetDl.Layers.Contracts.Shape.Image(1, 2, 3) };
        var teacher = Lessons.Trained(new Mlp { Hidden = [10] }, examples: images);
        using var folder = new TemporaryFolder();
        var recipe = Lessons.Taught(new() { Teacher = [Teacher.Of(teacher)] });
        recipe = recipe with
        {
            Training = recipe.Training with { Augmentations = [new MlNetDl.Training.Augmentation.HorizontalFlip()] },
            CheckpointPath = folder["checkpoint"],
        };
        Interrupted(recipe, 8, images);
        var resumed = Run(recipe);
        Samples.AssertSame(Run(recipe with { CheckpointPath = null }), resumed);
        var anew = new Distilled { Teacher = [Teacher.Of(teacher)], CacheMB = 0 };
        Samples.AssertSame(
            resumed, Run(recipe with { CheckpointPath = null, Training = recipe.Training with { Stages = [new Fit(), anew] } }));

        MlNetDl.Analysis.Weights Run(Recipe r) => r.Run(images).Package.ReadWeights();
    }

    [Theory]
    [InlineData(PredictionTask.Binary)]
    [InlineData(PredictionTask.Regression)]
    public void Yes_or_no_and_values_are_learnt_too(PredictionTask kind)
    {
        var task = kind.Of();
        var examples = kind == PredictionTask.Regression ? TeacherTests.Values() : YesNo();
        var teacher = Lessons.Trained(new Mlp { Hidden = [16] }, task: task, examples: examples);
        var alone = Recipe(new Fit()).Run(examples).Package;
        var distilled = new Distilled { Teacher = [Teacher.Of(teacher)], Alpha = 1, Temperature = 2 };
        var taught = Recipe(new Fit(), distilled).Run(examples).Package;
        Assert.True(Apart(taught) < Apart(alone), $"{Apart(taught)} {Apart(alone)}");
        var onnx = Recipe(new Fit(), distilled with { Teacher = [Teacher.Of(teacher.ToOnnx())] });
        Samples.AssertSame(taught.ReadWeights(), onnx.Run(examples).Package.ReadWeights());

        Recipe Recipe(params ValueList<Stage> stages) => Lessons.Student(stages) with { Task = task };

        double Apart(MlNetDl.Models.ModelPackage model) => Scores(model).Zip(Scores(teacher), (a, b) => Math.Abs(a - b)).Average();

        float[] Scores(MlNetDl.Models.ModelPackage model)
        {
            using var transformer = NeuralNetworkTransformer.Of(new MLContext(), model);
            return transformer.Score(examples);
        }

        static Examples YesNo() => Samples.Blobs() with
        {
            Targets = ((long[])Samples.Blobs().Targets!).Select(t => t == 0 ? 1f : 0f).ToArray(),
            ClassNames = [],
        };
    }

    [Fact]
    public void The_trainer_of_ML_NET_takes_a_fitted_chain()
    {
        var ml = new MLContext(seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [8] },
            Training = Lessons.Options,
        });
        using var teacher = NeuralNetworkTransformer.Of(ml, Lessons.Teacher);
        var chain = new Microsoft.ML.Data.TransformerChain<ITransformer>(teacher);
        var expected = Lessons.Student(new Fit(), OfMemory with { Temperature = 3, Alpha = 0.5 }).Run(Samples.Blobs()).Package.ReadWeights();
        var taught = trainer.Distilled(chain, new() { Temperature = 3, Alpha = 0.5 });
        Samples.AssertSame(expected, taught.Fit(Samples.Blobs()).Package.ReadWeights());
        var byOnnx = trainer.Distilled(Lessons.Teacher.ToOnnx(), new() { Temperature = 3, Alpha = 0.5 });
        Samples.AssertSame(expected, byOnnx.Fit(Samples.Blobs()).Package.ReadWeights());
    }

    [Fact]
    public void A_model_without_a_network_of_this_library_is_no_teacher()
    {
        var ml = new MLContext(seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.NeuralNetwork(new NeuralNetworkOptions { Network = new Mlp() });
        var error = Assert.Throws<ArgumentException>(() => trainer.Distilled(new Microsoft.ML.Data.TransformerChain<ITransformer>()));
        Assert.Contains("Expected a model with one neural network of this library", error.Message);
    }

    [Fact]
    public void An_optimizer_that_evaluates_the_loss_again_asks_the_teacher_once() =>
        Samples.AssertSame(Weights(cache: 256), Weights(cache: 0));

    [Fact]
    public void A_teacher_stays_as_it_is()
    {
        var before = Lessons.Teacher.ToBytes();
        Lessons.Taught(OfMemory with { Hints = [new("hidden1", "hidden1")] }).Weights();
        Assert.Equal(before, Lessons.Teacher.ToBytes());
    }

    internal static void Interrupted(Recipe recipe, int steps, Examples? examples = null)
    {
        using var stop = new CancellationTokenSource();
        var running = recipe with { Stop = stop.Token, Callbacks = [new CancelAfter(steps, stop)] };
        Assert.Throws<OperationCanceledException>(() =>
            examples is null ? running.Weights() : running.Run(examples).Package.ReadWeights());
    }

    private static MlNetDl.Analysis.Weights Weights(int cache)
    {
        var recipe = Lessons.Taught(OfMemory with { CacheMB = cache });
        return (recipe with { Training = recipe.Training with { Optimizer = new Twice { Base = new Sgd { LearningRate = 0.1 } } } }).Weights();
    }

    /// <summary>Takes the gradient of a second evaluation.</summary>
    private sealed record Twice : WrappingOptimizer, IReevaluatingOptimizer
    {
        public void Reevaluate(IReadOnlyList<TorchSharp.torch.Tensor> parameters, Func<double> backward) => backward();
    }
}
