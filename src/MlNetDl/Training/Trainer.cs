using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Naming;
using MlNetDl.Torch;

namespace MlNetDl.Training;

/// <summary>The training loop: owns time, data order, schedule, callbacks, checkpoints and cancellation; what a step does is the
/// <see cref="TrainingStep"/>'s.</summary>
/// <param name="options">Epochs, schedule, monitoring; the step has its own copy for the rest.</param>
/// <param name="callbacks">Take part in order.</param>
public sealed class Trainer(TrainingOptions options, params IReadOnlyList<Callback> callbacks)
{
    /// <summary>Where checkpoints are kept; <see langword="null"/> keeps none. If the file is there, training continues from it, bit for bit.</summary>
    /// <remarks>
    /// A finished training can be made longer by more epochs where all else is the same. The result is bit for bit that of
    /// one longer training, so it needs a schedule whose learning rates so far would have been the same, such as a constant
    /// one without warm-up, and a step that does not depend on the length; any other is refused.
    /// </remarks>
    public string? CheckpointPath { get; init; }

    /// <summary>What the checkpoint belongs to: anything that names network, options (all but the epochs) and data. A
    /// checkpoint of another is refused.</summary>
    public string Fingerprint { get; init; } = "";

    // A checkpoint is flushed to the disk, some 20 ms: after each epoch of a small set it would take longer than the epoch.
    internal static readonly TimeSpan ShortestCheckpointInterval = TimeSpan.FromSeconds(1);

    /// <summary>Time between checkpoints; one is also written after an epoch, unless the last is younger than a second, in the end, and on
    /// cancellation. 30 seconds: what a killed run loses at most.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(30);

    internal TrainingOptions Options => options;

    internal IReadOnlyList<Callback> Callbacks => callbacks;

    /// <summary>Trains. The networks end in evaluation mode of their last validation, or in training mode without one.</summary>
    /// <param name="step">The kind of training, with its networks.</param>
    /// <param name="train">The training data.</param>
    /// <param name="validation">The validation data; <see langword="null"/> for none.</param>
    /// <param name="stop">Cancels: a checkpoint is kept where <see cref="CheckpointPath"/> is set.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException"><c>training.monitor</c> is no figure of this step.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite or not a number.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or of another training, or cannot be continued
    /// by other epochs.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written; found before the first step.</exception>
    public TrainingReport Fit(TrainingStep step, IBatches train, IBatches? validation = null, CancellationToken stop = default)
    {
        RecordCheck.Require(options, "training");
        var monitored = step.Figures.FirstOrDefault(f => f.Name == options.Monitor);
        if (monitored is null)
        {
            var hint = Nearest.Hint(options.Monitor, step.Figures.Select(f => f.Name));
            throw new ArgumentException($"training.monitor is '{options.Monitor}', which is no figure of this training; {hint}");
        }

        if (train.ExampleCount == 0)
        {
            throw new InvalidOperationException("The training data is empty: no row has a label and features.");
        }

        using var session = TorchSession.Enter(threads: options.Threads, stop: stop);
        using var run = new TrainingRun(this, step, monitored.Goal, train, validation is { ExampleCount: > 0 } ? validation : null);
        return run.Train(stop);
    }
}
