using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Naming;
using MlNetDl.Torch;

namespace MlNetDl.Training;

/// <summary>The training loop: owns time, data order, schedule, callbacks, checkpoints and cancellation. The
/// <see cref="TrainingStep"/> says what one step does.</summary>
/// <remarks>
/// The law of the loop: randomness follows from seed and position, and nothing that callbacks draw or set lasts.
/// <list type="number">
/// <item>Seed: each step seeds torch by (seed, step) and sets training mode; each evaluation by (seed, ~epoch).</item>
/// <item>Run: the step draws its batches and computes the loss, with its hooks' terms, and the gradients.</item>
/// <item>Hooks: hooks see the gradients, then callbacks do. The step clips, moves the weights, and calls hooks
/// again.</item>
/// <item>Report: a loss that is not finite ends the training. Callbacks hear that the step has ended.</item>
/// <item>Checkpoint: the loop writes one when it is due, and before a cancelled training ends.</item>
/// <item>Evaluate: after the last step of an epoch, the step computes the figures of the validation data.</item>
/// <item>Judge: the step says whether the epoch may be the best; the monitored figure says whether it is.</item>
/// <item>Callbacks: they hear of the epoch. They, or spent patience, may end the training. The loop writes a
/// checkpoint.</item>
/// </list>
/// </remarks>
/// <param name="options">Epochs, schedule and monitoring. The step reads the rest from its own copy.</param>
/// <param name="callbacks">Callbacks, in the order in which they are called.</param>
public sealed class Trainer(TrainingOptions options, params IReadOnlyList<Callback> callbacks)
{
    /// <summary>The checkpoint file; <see langword="null"/> keeps no checkpoint. If the file exists, training continues
    /// from it, bit for bit.</summary>
    /// <remarks>
    /// A finished training can be continued with more epochs where all else is the same. The result is bit for bit that
    /// of one longer training. So the schedule must give the same learning rates for the epochs so far, as a constant
    /// one without warm-up does, and the step must not depend on the length. Anything else is refused.
    /// </remarks>
    public string? CheckpointPath { get; init; }

    /// <summary>The checkpoint of another training to go on from, with options of its own: this training begins with the
    /// last weights and the state of the other one, not with those of its best epoch. By default it begins anew.
    /// Optimisers take their state over where all are of the same kind and form.</summary>
    /// <remarks>
    /// Epochs, schedule and history are those of this training alone. Order and random numbers go on, so that none of
    /// them comes twice. A step that depends on the training's length cannot go on. Where <see cref="CheckpointPath"/>
    /// exists, the training continues from that, and the file to begin with need not be there any more.
    /// </remarks>
    public string? StartCheckpoint { get; init; }

    /// <summary>The identity of the training: any text that follows from network, options (all but the epochs) and
    /// data. A checkpoint with another fingerprint is refused.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Time between checkpoints, and so the most that a killed run loses; 30 seconds by default. Further
    /// checkpoints are written at the end, on cancellation, and after an epoch unless the last one is younger than a
    /// second.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Trains. Afterwards the networks are in evaluation mode, or in training mode where there is no
    /// validation data.</summary>
    /// <param name="step">The kind of training, with its networks and optimisers.</param>
    /// <param name="train">The training data.</param>
    /// <param name="validation">The validation data; <see langword="null"/> for none.</param>
    /// <param name="stop">Cancels the training. A checkpoint is kept where <see cref="CheckpointPath"/> is set.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException"><c>training.monitor</c> is no figure of this step.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite or not a number.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or of another training, or cannot be continued
    /// by other epochs; or that to go on from is not there, or is of another network.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written; this is found before the first step.</exception>
    public TrainingReport Fit(TrainingStep step, IBatches train, IBatches? validation = null, CancellationToken stop = default)
    {
        RecordCheck.Require(options, "training");
        var whole = TrainingLength.WithEpochs(options, train.BatchCount);
        var monitored = step.Figures.FirstOrDefault(f => f.Name == options.Monitor.Name);
        if (monitored is null)
        {
            var hint = Nearest.Hint(options.Monitor.Name, step.Figures.Select(f => f.Name));
            throw new ArgumentException($"training.monitor is '{options.Monitor}', which is no figure of this training; {hint}");
        }

        if (train.ExampleCount == 0)
        {
            throw new InvalidOperationException("The training data is empty: no row has a label and features.");
        }

        using var session = TorchSession.Enter(threads: options.Threads, stop: stop);
        var checkpoints = new CheckpointPlan(CheckpointPath, Fingerprint, CheckpointInterval) { Start = StartCheckpoint };
        var judging = validation is { ExampleCount: > 0 } ? validation : null;
        using var run = new TrainingRun(whole, callbacks, checkpoints, step, monitored.Goal, train, judging);
        return run.Train(stop);
    }
}
