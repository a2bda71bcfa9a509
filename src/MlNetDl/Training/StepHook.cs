using MlNetDl.Data;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>Takes part in supervised training: a term of the loss (distillation), masks on weights (pruning), fake
/// quantisation. Derive and override what is needed.</summary>
/// <remarks>Several hooks take part in order, and the step owns them. Random numbers that a hook draws from torch's
/// generator follow from seed and step.</remarks>
public abstract class StepHook : IDisposable
{
    /// <summary>The state that checkpoints keep, in a fixed order, each tensor under a name of its own. The tensors
    /// exist after <see cref="Start"/> and are changed in place. Restoring the best weights restores them
    /// too.</summary>
    public virtual IEnumerable<(string Name, Tensor Tensor)> State => [];

    /// <summary>Called once, before a checkpoint is read and before the first step.</summary>
    /// <param name="network">The network that is trained.</param>
    /// <param name="options">How it is trained.</param>
    public virtual void Start(TorchNetwork network, TrainingOptions options)
    {
    }

    /// <summary>The loss to minimise instead of <paramref name="loss"/>; by default <paramref name="loss"/>
    /// itself.</summary>
    /// <remarks>It may be called more than once a step: an optimiser that takes the gradient elsewhere than at the weights
    /// (<see cref="Optimizers.IReevaluatingOptimizer"/>) asks for the loss of the same batch again, with the weights
    /// moved for that. What a hook counts or draws once a step belongs into <see cref="GradientsReady"/> or
    /// <see cref="Moved"/>, which are called once.</remarks>
    /// <param name="batch">The batch as the network saw it, augmented, with its targets, weights
    /// and row numbers.</param>
    /// <param name="outputs">All outputs of the network by name, those of auxiliary heads too.</param>
    /// <param name="loss">The loss so far, a scalar: the loss of the targets and of auxiliary heads, changed by earlier
    /// hooks.</param>
    /// <param name="at">The position in the training.</param>
    public virtual Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at) => loss;

    /// <summary>Called after the backward pass, before gradients are clipped and weights move.</summary>
    public virtual void GradientsReady(StepPosition at)
    {
    }

    /// <summary>Called after the weights have moved; change them in place under <c>no_grad</c>.</summary>
    public virtual void Moved(StepPosition at)
    {
    }

    /// <summary>Whether this hook lets the weights after an epoch be the best; <paramref name="at"/> is the epoch's
    /// last step.</summary>
    public virtual bool MayBeBest(StepPosition at) => true;

    /// <summary>The model for later stages and for the file, for example with a pass that rounds values to the ranges
    /// that the hook followed. By default it is the trained model itself.</summary>
    /// <remarks>A recipe calls it at the end of each training, even where the checkpoint shows that the training is
    /// over. A <see cref="Trainer"/> by itself does not call it. <see cref="State"/> then belongs to the epoch whose
    /// weights are kept.</remarks>
    /// <param name="model">The trained networks with their weights.</param>
    public virtual TrainedModel Finished(TrainedModel model) => model;

    /// <summary>Whether the hook depends on <see cref="StepPosition.Steps"/>. If so, a finished training cannot be made
    /// longer. No by default.</summary>
    public virtual bool DependsOnLength => false;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what it holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
