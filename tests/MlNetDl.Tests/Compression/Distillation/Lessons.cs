using Microsoft.ML;
using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Compression.Distillation;

/// <summary>A teacher and its students on a small problem.</summary>
internal static class Lessons
{
    public static readonly TrainingOptions Options = new()
    {
        Epochs = 3,
        BatchSize = 16,
        Threads = 1,
        Seed = 5,
        Device = "cpu",
        Optimizer = new Adam { LearningRate = 0.02 },
    };

    private static readonly Lazy<ModelPackage> First = new(() => Trained(new Mlp { Hidden = [24, 20] }, seed: 11));

    private static readonly Lazy<ModelPackage> Second = new(() => Trained(new Mlp { Hidden = [12] }, seed: 12));

    /// <summary>A teacher of the three classes with two hidden layers, 24 and 20 wide.</summary>
    public static ModelPackage Teacher => First.Value;

    /// <summary>Another teacher of them.</summary>
    public static ModelPackage OtherTeacher => Second.Value;

    /// <summary>A model of the blobs.</summary>
    public static ModelPackage Trained(
        NetworkSpec network, int seed = 11, LearningTask? task = null, Examples? examples = null) => new Recipe
        {
            Task = task ?? new MulticlassClassification(),
            Model = network,
            Training = Options with { Epochs = 4, Seed = seed },
        }.Run(examples ?? Samples.Blobs()).Package;

    /// <summary>A student's recipe with these stages.</summary>
    public static Recipe Student(params ValueList<Stage> stages) => new()
    {
        Task = new MulticlassClassification(),
        Model = new Mlp { Hidden = [8] },
        Training = Options with { Stages = stages },
    };

    /// <summary>A fit with a teacher.</summary>
    public static Recipe Taught(Distilled distilled) => Student(new Fit(), distilled);

    /// <summary>The weights that a recipe leaves.</summary>
    public static Weights Weights(this Recipe recipe, Examples? examples = null) =>
        recipe.Run(examples ?? Samples.Blobs(), Samples.Blobs(45, seed: 2)).Package.ReadWeights();

    /// <summary>A model's file.</summary>
    public static string Saved(this ModelPackage package, TemporaryFolder folder, string name = "teacher.zip")
    {
        var ml = new MLContext();
        using var model = NeuralNetworkTransformer.Of(ml, package);
        ml.Model.SaveAtomically(model, null, folder[name]);
        return folder[name];
    }

    /// <summary>A file of these bytes.</summary>
    public static string Saved(this byte[] bytes, TemporaryFolder folder, string name = "teacher.onnx")
    {
        File.WriteAllBytes(folder[name], bytes);
        return folder[name];
    }

    /// <summary>The tree of a model.</summary>
    public static Network Tree(this ModelPackage package) =>
        MlNetDl.Configuration.RecordJson.Deserialize<Network>(package.Manifest.Networks[ModelPackage.MainNetwork].GetRawText());

    /// <summary>The tree of a model in torch, in evaluation mode.</summary>
    public static TorchNetwork ToTorch(this ModelPackage package)
    {
        var network = new TorchNetwork(package.Tree());
        network.LoadWeights(package.ReadWeights());
        network.SetTraining(false);
        return network;
    }

    /// <summary>What a stage of a student is given.</summary>
    public static StageContext Context(
        IBatches data,
        Network? student = null,
        LearningTask? task = null,
        LabelInfo? label = null,
        TargetScale? scale = null,
        List<string>? messages = null)
    {
        var network = student ?? Samples.Network;
        return new()
        {
            Model = new(
                new Dictionary<string, Network> { [ModelPackage.MainNetwork] = network },
                new Dictionary<string, Weights>()),
            Options = Options,
            Data = data,
            Task = task ?? new MulticlassClassification(),
            Label = label ?? new() { ClassNames = ["a", "b", "c"] },
            Scale = scale ?? TargetScale.None,
            Message = text => messages?.Add(text),
            Trains = (model, _, _) => model,
        };
    }
}
