using System.Text.Json.Nodes;
using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>The data of a sweep's trials, loaded once a process for each that is asked for.</summary>
internal sealed class SweepData
{
    private readonly Dictionary<string, LoadedData> loaded = [];
    private readonly Dictionary<(LoadedData, int), LoadedData> split = [];

    /// <summary>The data of an experiment.</summary>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It does not suit the task, or what is said of it.</exception>
    public LoadedData Of(Experiment experiment)
    {
        var key = new JsonArray(RecordJson.ToNode(experiment.Data), experiment.Task is { } task ? RecordJson.ToNode(task) : null).ToJsonString();
        if (!loaded.TryGetValue(key, out var data))
        {
            loaded[key] = data = experiment.Data.Read(experiment.Task);
        }

        return data;
    }

    /// <summary>The data of one split of a cross-validation.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="fold">The fold that is held out, from 0.</param>
    /// <param name="folds">How many there are.</param>
    public LoadedData Of(Experiment experiment, int fold, int folds)
    {
        var key = (Of(experiment), fold);
        if (!split.TryGetValue(key, out var data))
        {
            split[key] = data = key.Item1.Fold(fold, folds);
        }

        return data;
    }
}
