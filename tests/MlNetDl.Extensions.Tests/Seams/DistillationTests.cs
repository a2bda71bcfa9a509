using System.Globalization;
using Microsoft.ML;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>Distillation from outside: a stage that hooks itself into the fit before it.</summary>
public sealed class DistillationTests
{
    private static readonly TrainingOptions Options = new()
    {
        Epochs = 15,
        BatchSize = 20,
        Optimizer = new Adam { LearningRate = 0.02 },
        Threads = 1,
        Device = "cpu",
    };

    [Fact]
    public void Its_gradient_is_T_times_the_difference_of_the_softened_probabilities()
    {
        using var session = TorchSession.Enter(seed: 1, threads: 1);
        using var scope = NewDisposeScope();
        var (student, teacher) = (randn(5, 4).requires_grad_(true), randn(5, 4));
        SeamDistilled.Loss(student, teacher, temperature: 3).backward();
        var expected = (nn.functional.softmax(student / 3, 1) - nn.functional.softmax(teacher / 3, 1)) * 3 / 5;
        Assert.True((student.grad! - expected).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void The_teacher_of_a_saved_model_gives_the_model_s_probabilities()
    {
        using var folder = new TemporaryFolder();
        var package = Teacher(folder["teacher.zip"]);
        using var session = TorchSession.Enter(seed: 1, threads: 1);
        using var scope = NewDisposeScope();
        using var teacher = SeamDistilled.Read(folder["teacher.zip"]);
        using var transformer = NeuralNetworkTransformer.Of(new MLContext(1), package);
        var examples = Blobs(seed: 2);
        var probabilities = nn.functional.softmax(teacher.Forward(tensor((float[])examples.Features).reshape(-1, 2))["output"], 1);
        var expected = transformer.Score(examples);
        Assert.True((probabilities.flatten() - tensor(expected)).abs().max().item<float>() < 1e-5);
    }

    // The student sees wrong labels only, which with α = 1 do not count: what it knows is the teacher's.
    [Fact]
    public void A_stage_from_YAML_lets_the_student_learn_what_only_the_teacher_knows()
    {
        using var folder = new TemporaryFolder();
        Teacher(folder["teacher.zip"]);
        var taught = Student(folder["teacher.zip"], "alpha: 1");
        var misled = Student(folder["teacher.zip"], "alpha: 0");
        Assert.True(Accuracy(taught) > 0.9, $"taught: {Accuracy(taught)}");
        Assert.True(Accuracy(misled) < 0.1, $"misled: {Accuracy(misled)}");
    }

    [Fact]
    public void A_checkpoint_belongs_to_one_teacher_and_one_temperature()
    {
        using var folder = new TemporaryFolder();
        Teacher(folder["teacher.zip"]);
        var whole = Student(folder["teacher.zip"], "temperature: 2", folder["checkpoint"]);
        var again = Student(folder["teacher.zip"], "temperature: 2", folder["checkpoint"]);
        Assert.Equal(whole.Graphs["model"], again.Graphs["model"]);
        Assert.Throws<InvalidDataException>(() => Student(folder["teacher.zip"], "temperature: 3", folder["checkpoint"]));
        Teacher(folder["teacher.zip"], seed: 2);
        Assert.Throws<InvalidDataException>(() => Student(folder["teacher.zip"], "temperature: 2", folder["checkpoint"]));
    }

    private static ModelPackage Student(string teacher, string setting, string? checkpoint = null)
    {
        var yaml = $"stages:\n  - fit\n  - {{ type: seamDistilled, teacher: '{teacher}', {setting} }}\n";
        var stages = ConfigurationDocument.Parse(yaml).Bind<TrainingOptions>().Stages;
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = new Mlp { Hidden = [8] },
            Training = Options with { Stages = stages },
            CheckpointPath = checkpoint,
        };
        var examples = Blobs(seed: 1);
        return recipe.Run(examples with { Targets = Array.ConvertAll((long[])examples.Targets!, t => (t + 1) % 3) }).Package;
    }

    private static ModelPackage Teacher(string path, int seed = 1)
    {
        var recipe = new Recipe
        {
            Task = new MulticlassClassification(),
            Model = new Mlp { Hidden = [16] },
            Training = Options with { Seed = seed },
        };
        var package = recipe.Run(Blobs(seed: 1)).Package;
        var ml = new MLContext(1);
        ml.Model.Save(NeuralNetworkTransformer.Of(ml, package), null, path);
        return package;
    }

    private static double Accuracy(ModelPackage package)
    {
        var examples = Blobs(seed: 3);
        using var transformer = NeuralNetworkTransformer.Of(new MLContext(1), package);
        var scores = transformer.Score(examples).Chunk(3).Select(p => (long)Array.IndexOf(p, p.Max()));
        return scores.Zip((long[])examples.Targets!, (p, t) => p == t ? 1.0 : 0).Average();
    }

    private static Examples Blobs(int seed)
    {
        var random = new Random(seed);
        var targets = Enumerable.Range(0, 120).Select(i => (long)(i % 3)).ToArray();
        var features = targets.SelectMany(t => new[] { Math.Sin(2 * t), Math.Cos(2 * t) })
            .Select(v => (float)(v + (0.5 * (random.NextDouble() - 0.5)))).ToArray();
        return new(Shape.Vector(2), features, targets)
        {
            ClassNames = [.. Enumerable.Range(0, 3).Select(c => c.ToString(CultureInfo.InvariantCulture))],
        };
    }
}
