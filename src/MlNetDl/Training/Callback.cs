namespace MlNetDl.Training;

/// <summary>The progress of a training.</summary>
/// <param name="Epoch">The current epoch, counted from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Step">Steps done in this epoch.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="Loss">The running mean of the loss in this epoch.</param>
/// <param name="ExamplesPerSecond">The rate since training started.</param>
/// <param name="Remaining">Estimated time until all epochs are done.</param>
public sealed record TrainingProgress(
    int Epoch, int Epochs, int Step, int Steps, double Loss, double ExamplesPerSecond, TimeSpan Remaining);

/// <summary>Takes part in training: derive and override what is needed.</summary>
/// <remarks>A callback may draw from torch's generator and set modes. Both change nothing, because the trainer sets
/// generator and modes anew before every step and every evaluation.</remarks>
public abstract class Callback
{
    /// <summary>Called once, before the first step. The networks have their first weights, or those of the
    /// checkpoint.</summary>
    /// <param name="step">The training's step, with its networks.</param>
    /// <param name="done">The epochs of a training that is continued from its checkpoint; empty for a new one. Epochs
    /// that ended after the checkpoint are trained again.</param>
    public virtual void Starting(TrainingStep step, IReadOnlyList<EpochReport> done)
    {
    }

    /// <summary>Called after each backward pass, before gradients are clipped and weights move. Supervised training has
    /// one a step, and calls this after its hooks.</summary>
    /// <param name="step">The training's step; its networks' tensors hold the gradients.</param>
    /// <param name="at">The position in the training.</param>
    public virtual void GradientsReady(TrainingStep step, StepPosition at)
    {
    }

    /// <summary>Called after every step.</summary>
    public virtual void StepEnded(TrainingProgress progress)
    {
    }

    /// <summary>Called after every epoch, validation included. Return <see langword="false"/> to end
    /// training.</summary>
    public virtual bool EpochEnded(EpochReport epoch) => true;

    /// <summary>Called after a checkpoint was written; not called where none is kept
    /// (<see cref="Trainer.CheckpointPath"/>). After an epoch it comes behind <see cref="EpochEnded"/>, and not after
    /// every epoch; within a long epoch it comes too. An exception ends the training, but where it is being cancelled the
    /// <see cref="OperationCanceledException"/> comes all the same.</summary>
    /// <param name="epochs">The epochs that the checkpoint holds whole; 0 within the first one.</param>
    public virtual void CheckpointWritten(int epochs)
    {
    }

    /// <summary>Called with messages for the log.</summary>
    public virtual void Message(string text)
    {
    }
}
