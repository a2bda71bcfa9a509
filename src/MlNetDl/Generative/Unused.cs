using MlNetDl.Training;

namespace MlNetDl.Generative;

/// <summary>Settings of a training with labels, which mean nothing without.</summary>
internal static class Unused
{
    /// <summary>Refuses what is set and would be ignored.</summary>
    /// <param name="start">What a step is given.</param>
    /// <param name="who">What is trained.</param>
    /// <exception cref="ArgumentException">Something is set.</exception>
    public static void Refuse(StepStart start, string who)
    {
        var options = start.Options;
        var set = new (string Name, bool IsSet)[]
        {
            ("loss", options.Loss is not null),
            ("metrics", options.Metrics.Count > 0),
            ("classWeights", !Equals(options.ClassWeights, ClassWeights.None)),
            ("stages with hooks", start.Hooks.Count > 0),
        };
        if (set.FirstOrDefault(s => s.IsSet).Name is { } name)
        {
            throw new ArgumentException($"training.{name} is for training with labels; {who} has a loss and figures of its own. Leave it out.");
        }

        if (start.Task is { LearnsFromLabels: true })
        {
            throw new ArgumentException($"There is a task ({start.Task.GetType().Name}), but {who} is trained without labels; leave task out.");
        }
    }
}
