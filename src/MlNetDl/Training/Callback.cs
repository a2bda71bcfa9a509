namespace MlNetDl.Training;

/// <summary>Where training stands.</summary>
/// <param name="Epoch">The epoch at work, counted from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Step">Steps done in this epoch.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="Loss">The running mean of the loss in this epoch.</param>
/// <param name="ExamplesPerSecond">The rate since training started.</param>
/// <param name="Remaining">Estimated time until all epochs are done.</param>
public sealed record TrainingProgress(int Epoch, int Epochs, int Step, int Steps, double Loss, double ExamplesPerSecond, TimeSpan Remaining);

/// <summary>Takes part in training: derive and override what is needed.</summary>
public abstract class Callback
{
    /// <summary>Called once, before the first step.</summary>
    /// <param name="done">The epochs of a training that is continued from its checkpoint; empty for a new one. Epochs that ended after the checkpoint are trained again.</param>
    public virtual void Starting(IReadOnlyList<EpochReport> done)
    {
    }

    /// <summary>Called after every step.</summary>
    public virtual void StepEnded(TrainingProgress progress)
    {
    }

    /// <summary>Called after every epoch, validation included. Return <see langword="false"/> to end training.</summary>
    public virtual bool EpochEnded(EpochReport epoch) => true;

    /// <summary>Called with messages for the log.</summary>
    public virtual void Message(string text)
    {
    }
}
