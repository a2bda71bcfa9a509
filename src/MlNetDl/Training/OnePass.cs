using MlNetDl.Layers.Contracts;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Training;

/// <summary>Settings that mean nothing for a model that is solved for in one pass over the data.</summary>
internal static class OnePass
{
    /// <summary>Refuses what is set and would be ignored.</summary>
    /// <param name="start">What a step is given.</param>
    /// <param name="who">The model's name.</param>
    /// <param name="what">What it solves for.</param>
    /// <exception cref="ArgumentException">Something is set.</exception>
    public static void Refuse(StepStart start, string who, string what)
    {
        if (start.Task is not null)
        {
            throw new ArgumentException($"{who} learns without labels; leave the task out.");
        }

        if (start.Hooks.Count > 0)
        {
            throw new ArgumentException($"{who} is solved for and not trained, so no stage can take part; leave such stages out.");
        }

        if (Unused(start.Options).FirstOrDefault() is { } unused)
        {
            throw new ArgumentException($"training.{unused} means nothing for {who}, which solves for its {what} in one pass over the data; leave it out.");
        }
    }

    // What is set to its default cannot be told from what is not set.
    private static IEnumerable<string> Unused(TrainingOptions options)
    {
        (string Name, bool IsSet)[] all =
        [
            ("optimizer", options.Optimizer != new Adam()),
            ("schedule", options.Schedule != new Constant()),
            ("loss", options.Loss is not null),
            ("clipNorm", options.ClipNorm is not null),
            ("earlyStopping", options.EarlyStopping is not null),
            ("restoreBestWeights", options.RestoreBestWeights),
            ("metrics", options.Metrics.Count > 0),
            ("classWeights", options.ClassWeights != ClassWeights.None),
            ("precision", options.Precision != Precision.Float32),
        ];
        return all.Where(o => o.IsSet).Select(o => o.Name);
    }
}
