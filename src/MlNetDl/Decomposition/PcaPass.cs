using MlNetDl.Layers.Contracts;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Decomposition;

/// <summary>The training of a <see cref="Pca"/>: one pass over the data, and no optimiser.</summary>
/// <param name="Model">What is found.</param>
internal sealed record PcaPass(Pca Model) : StepSpec
{
    /// <inheritdoc/>
    public override int? Epochs => 1;

    /// <inheritdoc/>
    public override TrainingStep Start(StepStart start)
    {
        if (start.Task is not null)
        {
            throw new ArgumentException("pca learns without labels; leave the task out.");
        }

        if (start.Hooks.Count > 0)
        {
            throw new ArgumentException("pca is solved for and not trained, so no stage can take part; leave such stages out.");
        }

        if (Unused(start.Options).FirstOrDefault() is { } unused)
        {
            throw new ArgumentException($"training.{unused} means nothing for pca, which solves for its components in one pass over the data; leave it out.");
        }

        return new PcaStep(start.Network, Model, start.Options.Epochs);
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
