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
/// <remarks>What it draws from torch's generator, and modes that it sets, change nothing: generator and modes are set
/// anew before every step and every evaluation.</remarks>
public abstract class Callback
{
    /// <summary>Called once, before the first step, with the networks' weights as they start (those of the checkpoint,
    /// where there is one).</summary>
    /// <param name="step">What is trained, with its networks.</param>
    /// <param name="done">The epochs of a training that is continued from its checkpoint; empty for a new one. Epochs that ended after the
    /// checkpoint are trained again.</param>
    public virtual void Starting(TrainingStep step, IReadOnlyList<EpochReport> done)
    {
    }

    /// <summary>Called after a backward pass, before gradients are clipped and weights move; once a step of supervised
    /// training, after its hooks.</summary>
    /// <param name="step">What is trained; the gradients are those of its networks' tensors.</param>
    /// <param name="at">Where the training stands.</param>
    public virtual void GradientsReady(TrainingStep step, StepPosition at)
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
