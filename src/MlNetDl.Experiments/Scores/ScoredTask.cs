using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Models;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>The task of a model whose scores are read, or compared with labels.</summary>
internal static class ScoredTask
{
    /// <summary>The task.</summary>
    /// <exception cref="InvalidDataException">The model was trained without labels.</exception>
    public static LearningTask Of(ModelManifest manifest) => manifest.Task
        ?? throw new InvalidDataException("The model has no task that says what its outputs mean, or how to judge them: it was trained "
            + "without labels, or is told them. mldl reconstruct and mldl evaluate take such models; from C#, its outputs are columns.");

    /// <summary>Its name in configurations.</summary>
    public static string NameOf(LearningTask task) => Catalogs.Tasks.EntryOf(task.GetType())?.Name ?? task.GetType().Name;

    /// <summary>The targets of a set, as metrics take them.</summary>
    public static float[] Targets(Examples examples) => examples.Targets as float[]
        ?? Array.ConvertAll((long[])examples.Targets!, t => (float)t);
}
