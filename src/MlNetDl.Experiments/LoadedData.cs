using Microsoft.ML;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>An experiment's data, ready to train on and to be tested with.</summary>
internal abstract class LoadedData
{
    /// <summary>Trains; returns the whole chain to be saved, and the network in it.</summary>
    public abstract (ITransformer Model, NeuralNetworkTransformer Network) Fit(MLContext ml, NeuralNetworkOptions options);

    /// <summary>How much there is, and how it was read, for people.</summary>
    public abstract string Description { get; }

    /// <summary>What looks wrong and is taken all the same, for people.</summary>
    public virtual IReadOnlyList<string> Warnings => [];

    /// <summary>What the network gets and gives.</summary>
    public abstract (Shape Input, int Outputs) InputAndOutputs();

    /// <summary>The schema that a saved model takes; <see langword="null"/> where it cannot be written.</summary>
    public abstract DataViewSchema? InputSchema(MLContext ml);

    /// <summary>Scores and truth of a part.</summary>
    public abstract (float[] Scores, float[] Targets) Score(MLContext ml, ITransformer model, NeuralNetworkTransformer network, bool test);

    public static LoadedData Load(Experiment experiment)
    {
        var data = experiment.Data;
        if (data.Csv is not null)
        {
            return new TableData(experiment);
        }

        if (data.Dataset is { } name)
        {
            var set = Find(name);
            return new ExampleData(experiment, set.Load(false), set.Load(true));
        }

        var (train, test) = Parts(data.Folder!);
        var examples = ImageFolder.Read(train, data.Image);
        var (training, held) = test is null ? examples.Split(data.TestFraction, seed: 0) : (examples, ImageFolder.Read(test, data.Image, examples.ClassNames));
        return new ExampleData(experiment, training, held);
    }

    /// <summary>The folders of a folder of images: its sub-folders <c>train</c> and <c>test</c> where both are there, else itself.</summary>
    public static (string Train, string? Test) Parts(string folder)
    {
        string train = Path.Combine(folder, "train"), test = Path.Combine(folder, "test");
        return Directory.Exists(train) && Directory.Exists(test) ? (train, test) : (folder, null);
    }

    /// <summary>Refuses data that cannot be meant as far as that is soon seen: without decoding images or loading a data set.</summary>
    public static void Check(Experiment experiment)
    {
        if (experiment.Data.Csv is not null)
        {
            new TableData(experiment).Load();
        }
        else if (experiment.Data.Dataset is { } name)
        {
            Find(name);
        }
        else if (!Directory.Exists(experiment.Data.Folder))
        {
            throw new DirectoryNotFoundException($"The image folder '{experiment.Data.Folder}' does not exist.");
        }
    }

    private static Dataset Find(string name) => Datasets.Find(name) ?? throw new Configuration.ConfigurationException("data.dataset",
        $"there is no data set '{name}'; known are: {string.Join(", ", Datasets.All.Select(d => d.Name))}.");

    /// <summary>The trainer of a task, or of a model that is trained without labels.</summary>
    protected static NeuralNetworkTrainer Trainer(MLContext ml, LearningTask? task, NeuralNetworkOptions options) => ml.NeuralNetwork(task, options);
}
