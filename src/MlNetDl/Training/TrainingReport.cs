namespace MlNetDl.Training;

/// <summary>One epoch's figures.</summary>
/// <remarks>The <c>loss</c> of a regression is of standardised targets where the ML.NET trainer made them: by squared error, times the
/// square of the label's standard deviation it is in the label's unit, squared.</remarks>
/// <param name="Epoch">Its number, counted from 1.</param>
/// <param name="Training">Figures over the training batches, taken while the weights moved.</param>
/// <param name="Validation">Figures over the validation data after the epoch; empty without such data.</param>
/// <param name="LearningRateFactor">The schedule's factor at the end of the epoch.</param>
/// <param name="Seconds">Time the epoch took, validation included.</param>
public sealed record EpochReport(
    int Epoch, IReadOnlyDictionary<string, double> Training, IReadOnlyDictionary<string, double> Validation, double LearningRateFactor, double Seconds);

/// <summary>How a training went.</summary>
/// <param name="Epochs">The epochs in order.</param>
/// <param name="BestEpoch">The epoch whose monitored metric was best, counted from 1; the last one without validation data.</param>
/// <param name="Restored">Whether the weights of the best epoch were taken in the end.</param>
/// <param name="StoppedEarly">Whether early stopping or a callback ended it before all epochs were done; not where one asks for an end that
/// comes anyway.</param>
/// <param name="Seconds">Time of training, earlier sittings of a resumed one included.</param>
/// <param name="ExamplesPerSecond">Training examples a second.</param>
public sealed record TrainingReport(IReadOnlyList<EpochReport> Epochs, int BestEpoch, bool Restored, bool StoppedEarly, double Seconds, double ExamplesPerSecond);
