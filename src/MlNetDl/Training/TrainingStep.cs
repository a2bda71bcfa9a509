using MlNetDl.Data;
using MlNetDl.Metrics;
using MlNetDl.Torch;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>The source of the batches of a step.</summary>
public interface IBatchSource
{
    /// <summary>The next batch of the epoch; <see langword="null"/> at its end. Its tensors belong to the
    /// current dispose scope.</summary>
    Batch? Next();
}

/// <summary>The result of one step.</summary>
/// <param name="Loss">The loss that was minimised, mean over the examples.</param>
/// <param name="Examples">How many examples were used.</param>
public readonly record struct StepResult(double Loss, int Examples);

/// <summary>One kind of training (supervised, GAN, …). It owns its networks and optimisers, and may draw several
/// batches a step.</summary>
/// <remarks>The <see cref="Trainer"/> owns time, data, schedules, callbacks, checkpoints and cancellation.</remarks>
public abstract class TrainingStep : IDisposable
{
    /// <summary>The networks it trains, by name; checkpoints hold their weights, and the trainer sets their mode before
    /// every step and every evaluation.</summary>
    /// <remarks>
    /// Do not list a frozen network, such as the teacher of a distillation: it would be set to training mode and
    /// written into checkpoints. The step holds it in a field. It sets the network to evaluation mode and its tensors'
    /// <c>requires_grad</c> to <see langword="false"/> once, runs it under <c>no_grad</c>, and frees it in <see
    /// cref="Dispose(bool)"/>. The network's identity belongs into <see cref="Trainer.Fingerprint"/>.
    /// </remarks>
    public abstract IReadOnlyDictionary<string, TorchNetwork> Networks { get; }

    /// <summary>The optimisers, in a fixed order; checkpoints hold their state.</summary>
    public abstract IReadOnlyList<OptimizerRun> Optimizers { get; }

    /// <summary>The state that checkpoints keep beside weights and optimisers (masks, moving ranges), in a fixed order,
    /// each tensor under a name of its own. The tensors exist from the start and are changed in place; a checkpoint's
    /// values are copied into them. Restoring the best weights restores them too.</summary>
    public virtual IEnumerable<(string Name, Tensor Tensor)> State => [];

    /// <summary>The figures of <see cref="Evaluate"/>, and the direction in which each improves. Any of them can be
    /// monitored.</summary>
    public abstract IReadOnlyList<Figure> Figures { get; }

    /// <summary>Figures over the training batches of this epoch so far.</summary>
    public abstract IReadOnlyDictionary<string, double> RunningMetrics { get; }

    /// <summary>The sums behind <see cref="RunningMetrics"/>. They are cleared at the start of an epoch and kept in
    /// checkpoints.</summary>
    public abstract double[] RunningSums { get; set; }

    /// <summary>Trains on the next batches.</summary>
    /// <param name="batches">Has at least one batch left.</param>
    /// <param name="at">The position in the training, with the schedule's factor.</param>
    public abstract StepResult Run(IBatchSource batches, StepPosition at);

    /// <summary>Figures over <paramref name="batches"/>, without training. The networks are in evaluation mode. Random
    /// numbers from torch's generator follow from seed and epoch.</summary>
    public abstract IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches);

    /// <summary>Whether the weights after an epoch may be the best; <paramref name="at"/> is the epoch's last step. A
    /// network that is pruned over time is best before it is pruned, so its step excludes those epochs. Excluded epochs
    /// do not use up the patience of early stopping.</summary>
    public virtual bool MayBeBest(StepPosition at) => true;

    /// <summary>Whether the step depends on <see cref="StepPosition.Steps"/>, for example by a weight that rises over
    /// the whole training. If so, a finished training cannot be made longer. No by default.</summary>
    public virtual bool DependsOnLength => false;

    /// <summary>The model for later stages and for the file, for example with a report among its assets. By default it is the
    /// trained model itself.</summary>
    /// <remarks>A recipe calls it at the end of each training, before the hooks', even where the checkpoint shows that the training
    /// is over. A <see cref="Trainer"/> by itself does not call it. <see cref="State"/> then belongs to the epoch whose weights
    /// are kept.</remarks>
    /// <param name="model">The trained networks with their weights.</param>
    public virtual TrainedModel Finished(TrainedModel model) => model;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The trainer's observer of gradients, on behalf of its callbacks.</summary>
    internal Action<StepPosition>? GradientsObserver { get; set; }

    /// <summary>Cancels what one step does, for steps that take long.</summary>
    internal CancellationToken Stop { get; set; }

    /// <summary>All weights of all networks, in a fixed order.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> Weights() =>
        Networks.SelectMany(n => n.Value.Tensors.Select(t => ($"{n.Key}/{t.Name}", t.Tensor)));

    /// <summary>The weights and <see cref="State"/>, in a fixed order: all that belongs to an epoch.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> WeightsAndState() =>
        [.. Weights(), .. State.Select(t => ($"state/{t.Name}", t.Tensor))];

    /// <summary>What the names of the optimisers' tensors begin with.</summary>
    internal const string OptimizerPrefix = "optimizer";

    /// <summary>The optimisers' state beside the weights, in a fixed order.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> OptimizerState() =>
        Optimizers.SelectMany((o, i) => o.State.Select((t, j) => ($"{OptimizerPrefix}{i}/{j}", t)));

    /// <summary>Shows the gradients to callbacks. Call it in <see cref="Run"/> after each backward pass, before
    /// gradients are clipped and weights move.</summary>
    /// <remarks>Afterwards torch's generator is seeded anew and the networks are in training mode, with or without
    /// callbacks. So callbacks change nothing.</remarks>
    protected void GradientsReady(StepPosition at) => GradientsObserver?.Invoke(at);

    /// <summary>Frees the networks and optimisers.</summary>
    protected virtual void Dispose(bool disposing)
    {
        foreach (var optimizer in Optimizers)
        {
            optimizer.Dispose();
        }

        foreach (var network in Networks.Values)
        {
            network.Dispose();
        }
    }
}
