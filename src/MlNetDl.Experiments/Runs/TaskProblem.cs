using MlNetDl.Clustering;
using MlNetDl.Configuration;
using MlNetDl.Decomposition;
using MlNetDl.Generative;
using MlNetDl.Networks;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Tasks and models that do not go together, as far as both say so before there is data.</summary>
internal static class TaskProblem
{
    // What a search may choose, so that another model or task is trained.
    private static readonly string[] Deciding = ["network", "network.type", "network.condition", "task", "task.type"];

    private const string Advice = "take an autoencoder, such as network: { type: vae } or { type: autoencoder }.";

    /// <summary>What is wrong; <see langword="null"/> where nothing is, and where a search or arms choose one of the two: then their
    /// experiments are asked.</summary>
    public static RecordProblem? Of(Experiment experiment)
    {
        if (experiment is not { Task: { } task, Network: { } model } || experiment.Arms is not null || IsSearched(experiment))
        {
            return null;
        }

        var (learns, called) = ($"task: {ScoredTask.NameOf(task)} learns without labels", NameOf(model));
        if (task.LearnsFromLabels)
        {
            return model is LatentModel or Pca or KMeans
                ? new("task", $"is {ScoredTask.NameOf(task)}, which learns from labels, but network: {called} is trained without them; leave task out"
                    + $"{(model is LatentModel ? ", or write task: anomalyDetection" : "")}.")
                : null;
        }

        return model switch
        {
            NetworkSpec => new("network", $"is {called}, which is trained with labels, but {learns}; {Advice}"),
            Pca or KMeans => new("network", $"is {called}, which gives no score of how strange a row is, and {learns}; {Advice}"),
            { ConditionLabel: not null } => new(
                "network.condition", $"tells the model the class of each row, but {learns}; leave it out, and write vae in place of cvae."),
            _ => null,
        };
    }

    private static string NameOf(ModelSpec model) => Catalogs.Networks.EntryOf(model.GetType())?.Name ?? model.GetType().Name;

    private static bool IsSearched(Experiment experiment) => experiment.Search is { } search && search.Space.Keys.Any(Deciding.Contains);
}
