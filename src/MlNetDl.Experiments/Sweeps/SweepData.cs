using System.Text.Json.Nodes;
using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>The data of a sweep's trials, loaded once a process for each that is asked for.</summary>
internal sealed class SweepData
{
    private readonly Dictionary<string, LoadedData> loaded = [];

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
}
