namespace MlNetDl.Training;

/// <summary>One epoch's figures.</summary>
/// <remarks>The ML.NET trainer standardises the targets of a regression, so its <c>loss</c> has no unit. A squared
/// error times the square of the label's standard deviation is in the label's unit, squared.</remarks>
/// <param name="Epoch">Its number, counted from 1.</param>
/// <param name="Training">Figures over the training batches, taken while the weights moved.</param>
/// <param name="Validation">Figures over the validation data after the epoch; empty without such data.</param>
/// <param name="LearningRateFactor">The schedule's factor at the end of the epoch.</param>
/// <param name="Seconds">Time the epoch took, validation included.</param>
public sealed record EpochReport(
    int Epoch,
    IReadOnlyDictionary<string, double> Training,
    IReadOnlyDictionary<string, double> Validation,
    double LearningRateFactor,
    double Seconds)
{
    /// <summary>Seconds of these in which the training waited for its batches, those of the validation included. Checkpoints of earlier
    /// versions do not tell them.</summary>
    public double DataSeconds { get; init; }
}

/// <summary>How a training went.</summary>
/// <param name="Epochs">The epochs in order.</param>
/// <param name="BestEpoch">The epoch whose monitored metric was best, counted from 1; the last one
/// without validation data.</param>
/// <param name="Restored">Whether the weights of the best epoch were restored at the end.</param>
/// <param name="StoppedEarly">Whether early stopping or a callback ended the training before all epochs were done. An
/// end asked for after the last epoch does not count.</param>
/// <param name="Seconds">Time of training, including the time before an interruption.</param>
/// <param name="ExamplesPerSecond">Training examples a second.</param>
public sealed record TrainingReport(
    IReadOnlyList<EpochReport> Epochs,
    int BestEpoch,
    bool Restored,
    bool StoppedEarly,
    double Seconds,
    double ExamplesPerSecond)
{
    /// <summary>Seconds of all epochs in which the training waited for its batches.</summary>
    public double DataSeconds => Epochs.Sum(e => e.DataSeconds);

    /// <summary>The share of the time of all epochs in which the training waited for its batches, 0 to 1.</summary>
    public double DataShare => Epochs.Sum(e => e.Seconds) is > 0 and var all ? DataSeconds / all : 0;
}
