using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Naming;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>The figures that a training reports of its epochs, as far as its experiment says so before it runs.</summary>
internal static class TrainingFigures
{
    /// <summary>The figure that every training has.</summary>
    public const string Loss = "loss";

    private const string Monitor = "training.monitor";
    private static readonly string[] Decisive = [Monitor, "training.metrics", "task"];

    /// <summary>The figures beside the loss; <see langword="null"/> where only the training itself knows them.</summary>
    public static IReadOnlyList<Metric>? Metrics(Experiment experiment)
    {
        var training = experiment.Training;
        // What is no fit of one network to labels reports what it likes.
        return experiment is { Network: NetworkSpec, Task: { } task } && training.Step is null && training.Stages.All(s => s is Fit)
            ? [.. task.TrainingMetrics, .. training.Metrics]
            : null;
    }

    /// <summary>What is wrong with <c>training.monitor</c>; <see langword="null"/> where nothing is, and where a search decides: then
    /// the experiments of its trials are asked.</summary>
    public static RecordProblem? MonitorProblem(Experiment experiment)
    {
        var monitor = experiment.Training.Monitor.Name;
        if (Metrics(experiment) is not { } metrics || IsSearched(experiment))
        {
            return null;
        }

        IReadOnlyList<string> names = [Loss, .. metrics.Select(m => m.FigureName)];
        return names.Contains(monitor) ? null : new(
            Monitor, $"is '{monitor}', which is no figure of this training; {Nearest.Hint(monitor, names)} Further figures are named in training.metrics.");
    }

    private static bool IsSearched(Experiment experiment) => experiment.Search is { } search && search.Space.Keys.Any(key =>
        key is "network" or "network.type" || Decisive.Any(path => RecordPath.IsAtOrBelow(key, path) || RecordPath.IsAtOrBelow(path, key)));
}
