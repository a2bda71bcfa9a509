using MlNetDl.Data;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>Takes part in supervised training: a term of the loss (distillation), masks on weights (pruning), fake
/// quantisation. Derive and override what is needed.</summary>
/// <remarks>Several take part in order. The step owns them. What a hook draws from torch's generator follows from seed
/// and step.</remarks>
public abstract class StepHook : IDisposable
{
    /// <summary>What checkpoints hold of it, by names that differ, in a fixed order. The tensors exist after
    /// <see cref="Start"/> and are changed in place. Where the best weights are restored, it is restored with them.</summary>
    public virtual IEnumerable<(string Name, Tensor Tensor)> State => [];

    /// <summary>Called once, before a checkpoint is read and before the first step.</summary>
    /// <param name="network">The network that is trained.</param>
    /// <param name="options">How it is trained.</param>
    public virtual void Start(TorchNetwork network, TrainingOptions options)
    {
    }

    /// <summary>The loss that is minimised instead of <paramref name="loss"/>; that itself by default.</summary>
    /// <param name="batch">The batch as the network saw it, augmented, with its targets, weights and row numbers.</param>
    /// <param name="outputs">All outputs of the network by name, those of auxiliary heads too.</param>
    /// <param name="loss">The loss so far, a scalar: that of the targets with the heads', changed by the hooks before.</param>
    /// <param name="at">Where the training stands.</param>
    public virtual Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at) => loss;

    /// <summary>Called after the backward pass, before gradients are clipped and weights move.</summary>
    public virtual void GradientsReady(StepPosition at)
    {
    }

    /// <summary>Called after the weights have moved; change them in place under <c>no_grad</c>.</summary>
    public virtual void Moved(StepPosition at)
    {
    }

    /// <summary>Whether the weights after an epoch, whose last step is <paramref name="at"/>, may be the best as far as
    /// this hook knows.</summary>
    public virtual bool MayBeBest(StepPosition at) => true;

    /// <summary>The model as the hook leaves it for the stages behind and for what is saved, such as with a pass that rounds values to the
    /// ranges that it followed; the trained model itself by default.</summary>
    /// <remarks>A recipe calls it at the end of each training, also of one that a checkpoint says is over; a <see cref="Trainer"/> by itself
    /// does not. <see cref="State"/> is then that of the epoch whose weights are kept.</remarks>
    /// <param name="model">The trained networks with their weights.</param>
    public virtual TrainedModel Finished(TrainedModel model) => model;

    /// <summary>Whether what it does depends on <see cref="StepPosition.Steps"/>: a finished training with it cannot be
    /// made longer. No by default.</summary>
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
