using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Files;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Tests.Torch;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.MlNet;

/// <summary>Continuing a training: what must be the same, what stays as it was, and that it is exact.</summary>
[Collection("torch")]
public sealed class ContinueFromTests
{
    private readonly MLContext ml = new(seed: 1);

    public static TheoryData<PredictionTask> Tasks => TrainerContractTests.Tasks;

    [Theory]
    [InlineData("network", "has another network or input: ")]
    [InlineData("depth", "has another network or input: ")]
    [InlineData("classes", "has the classes [a, b, c], the data [a, b]; map the label with the same keys in the same order")]
    [InlineData("order", "has the classes [a, b, c], the data [c, b, a]; map the label")]
    [InlineData("width", "takes inputs [N, 3], the data gives [N, 2]; continue with features of the same size")]
    [InlineData("image", "takes inputs [N, 3], the data gives [N, 1, 1, 3]")]
    [InlineData("task", "is for multiclass, this trainer for regression")]
    [InlineData("standardize", "Standardize is False, but the model to continue from was trained with standardisation")]
    public void A_model_that_does_not_fit_is_one_error_and_stays_as_it_is(string what, string expected)
    {
        var examples = Blobs();
        var model = Trainer(PredictionTask.Multiclass).Fit(examples);
        var (before, scores) = (model.Package.ToBytes(), model.Score(examples));
        var task = what == "task" ? PredictionTask.Regression : PredictionTask.Multiclass;
        var trainer = Trainer(task, o =>
        {
            o.ContinueFrom = model;
            o.Standardize = what == "standardize" ? false : null;
            o.Network = what switch { "network" => new Mlp { Hidden = [5] }, "depth" => new Mlp { Hidden = [8, 8] }, _ => o.Network };
        });
        var other = what switch
        {
            "classes" => examples.Where(i => i % 3 < 2) with { ClassNames = ["a", "b"] },
            "order" => examples with { ClassNames = ["c", "b", "a"] },
            "width" => examples with { Shape = Shape.Vector(2), Features = ((float[])examples.Features)[..60] },
            "image" => examples with { Shape = Shape.Image(1, 1, 3) },
            "task" => examples with { Targets = ((long[])examples.Targets!).Select(t => (float)t).ToArray(), ClassNames = [] },
            _ => examples,
        };
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => trainer.Fit(other)).Message, StringComparison.Ordinal);
        Assert.Equal(before, model.Package.ToBytes());
        Assert.Equal(scores, model.Score(examples));
    }

    [Fact]
    public void A_label_of_another_length_and_images_of_another_size_do_not_fit_either()
    {
        var one = new Examples(Shape.Vector(2), new float[] { 1, 2, 3, 4 }, new float[] { 1, 2 });
        var model = Trainer(PredictionTask.Regression).Fit(one);
        var two = one with { Targets = new float[] { 1, 2, 3, 4 }, TargetWidth = 2 };
        Assert.Contains(
            "predicts 1 values, the label has 2",
            Assert.Throws<ArgumentException>(
                () => Trainer(PredictionTask.Regression, o => o.ContinueFrom = model).Fit(two)).Message,
            StringComparison.Ordinal);

        var small = new Examples(Shape.Image(1, 2, 2), new byte[] { 1, 2, 3, 4, 5, 6, 7, 9 }, new float[] { 1, 2 });
        var large = small with { Shape = Shape.Image(1, 4, 2), Features = Enumerable.Range(0, 16).Select(i => (byte)(i * i)).ToArray() };
        var images = Trainer(PredictionTask.Regression).Fit(small);
        Assert.Contains(
            "has another network or input: ",
            Assert.Throws<ArgumentException>(
                () => Trainer(PredictionTask.Regression, o => o.ContinueFrom = images).Fit(large)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_network_is_refused_where_it_is_loaded()
    {
        using var folder = new TemporaryFolder();
        var data = ml.Data.LoadFromEnumerable(TrainerContractTests.Rows());
        ml.Model.Save(ml.Transforms.NormalizeMinMax("Features").Fit(data), data.Schema, folder["other.zip"]);
        Assert.Contains(
            "holds no neural network of MlNetDl",
            Assert.Throws<ModelFormatException>(() => NeuralNetworkTransformer.Load(ml, folder["other.zip"])).Message,
            StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => NeuralNetworkTransformer.Load(ml, folder["nowhere.zip"]));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_same_seed_gives_the_same_package_to_the_last_byte_and_so_does_continuing_what_was_saved(PredictionTask task)
    {
        using var folder = new TemporaryFolder();
        var (data, trainer) = TrainerContractTests.Case(
            ml, task, o => o.Training = o.Training with { Epochs = 4, ValidationFraction = 0.2 });
        var first = trainer.Fit(data);
        Assert.Equal(first.Package.ToBytes(), trainer.Fit(data).Package.ToBytes());

        // In memory, disposed of (the weights are data), and out of the .zip of a whole pipeline.
        ml.Model.Save(new TransformerChain<ITransformer>(first), data.Schema, folder["model.zip"]);
        var fromMemory = Continue(first);
        first.Dispose();
        Assert.Equal(fromMemory, Continue(first));
        Assert.Equal(fromMemory, Continue(NeuralNetworkTransformer.Load(ml, folder["model.zip"])));
        Assert.NotEqual(first.Package.ToBytes(), fromMemory);

        byte[] Continue(NeuralNetworkTransformer model) => TrainerContractTests.Case(ml, task, o =>
        {
            o.ContinueFrom = model;
            o.Training = o.Training with { Epochs = 2 };
        }).Trainer.Fit(data).Package.ToBytes();
    }

    [Fact]
    public void A_training_that_another_process_began_goes_on_as_if_it_had_been_this_one()
    {
        using var folder = new TemporaryFolder();
        var host = new TorchHost(folder);
        host.Succeed("fit", folder["first.zip"]);
        host.Succeed("continue", folder["first.zip"], folder["second.zip"]);
        host.Succeed("both", folder["first-again.zip"], folder["second-again.zip"]);
        Assert.Equal(ModelFile.Read(folder["first.zip"]).ToBytes(), ModelFile.Read(folder["first-again.zip"]).ToBytes());
        Assert.Equal(ModelFile.Read(folder["second.zip"]).ToBytes(), ModelFile.Read(folder["second-again.zip"]).ToBytes());
        Assert.NotEqual(ModelFile.Read(folder["first.zip"]).ToBytes(), ModelFile.Read(folder["second.zip"]).ToBytes());
    }

    private NeuralNetworkTrainer Trainer(PredictionTask task, Action<NeuralNetworkOptions>? change = null)
    {
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [8] },
            Training = new()
            {
                Epochs = 2,
                BatchSize = 10,
                Optimizer = new Adam { LearningRate = 0.02 },
            },
        };
        change?.Invoke(options);
        return task == PredictionTask.Multiclass
            ? ml.MulticlassClassification.Trainers.NeuralNetwork(options)
            : ml.Regression.Trainers.NeuralNetwork(options);
    }

    private static Examples Blobs() => new(
        Shape.Vector(3),
        TrainerContractTests.Rows(30).SelectMany(r => r.Features).ToArray(),
        Enumerable.Range(0, 30).Select(i => i % 3L).ToArray())
    { ClassNames = ["a", "b", "c"] };
}
