using MlNetDl.Data;
using MlNetDl.Metrics;
using MlNetDl.Torch;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Training;

/// <summary>Where a step draws its batches.</summary>
public interface IBatchSource
{
    /// <summary>The next batch of the epoch; <see langword="null"/> at its end. Its tensors belong to the current dispose scope.</summary>
    Batch? Next();
}

/// <summary>What one step did.</summary>
/// <param name="Loss">The loss that was minimised, mean over the examples.</param>
/// <param name="Examples">How many examples were used.</param>
public readonly record struct StepResult(double Loss, int Examples);

/// <summary>One kind of training (supervised, GAN, …): owns its networks and optimisers, and may draw several batches a
/// step.</summary>
/// <remarks>Time, data, schedules, callbacks, checkpoints and cancellation are the <see cref="Trainer"/>'s.</remarks>
public abstract class TrainingStep : IDisposable
{
    /// <summary>The networks it trains, by name; checkpoints hold their weights, and the trainer sets their mode before
    /// every step and every evaluation.</summary>
    /// <remarks>
    /// A frozen network, such as the teacher of a distillation, is not listed: it would be set to training mode and
    /// written into checkpoints. The step holds it in a field of its own, sets it to
    /// evaluation mode and its tensors' <c>requires_grad</c> to <see langword="false"/> once, runs it under
    /// <c>no_grad</c>, and frees it in <see cref="Dispose(bool)"/>. What it is belongs into
    /// <see cref="Trainer.Fingerprint"/>.
    /// </remarks>
    public abstract IReadOnlyDictionary<string, TorchNetwork> Networks { get; }

    /// <summary>The optimisers, in a fixed order; checkpoints hold their state.</summary>
    public abstract IReadOnlyList<OptimizerRun> Optimizers { get; }

    /// <summary>What checkpoints hold beside weights and optimisers (masks, moving ranges), by names that differ, in a
    /// fixed order. The tensors exist from the start and are changed in place; a checkpoint's values are copied into
    /// them. Where the best weights are restored, it is restored with them.</summary>
    public virtual IEnumerable<(string Name, Tensor Tensor)> State => [];

    /// <summary>The figures that <see cref="Evaluate"/> gives, and which way each improves; any of them can be monitored.</summary>
    public abstract IReadOnlyList<Figure> Figures { get; }

    /// <summary>Figures over the training batches of this epoch so far.</summary>
    public abstract IReadOnlyDictionary<string, double> RunningMetrics { get; }

    /// <summary>The sums behind <see cref="RunningMetrics"/>; cleared at the start of an epoch, held in checkpoints.</summary>
    public abstract double[] RunningSums { get; set; }

    /// <summary>Trains on the next batches.</summary>
    /// <param name="batches">Has at least one batch left.</param>
    /// <param name="at">Where it stands, with the schedule's factor.</param>
    public abstract StepResult Run(IBatchSource batches, StepPosition at);

    /// <summary>Figures over <paramref name="batches"/> without training; the networks are in evaluation mode. What it
    /// draws from torch's generator follows from seed and epoch.</summary>
    public abstract IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches);

    /// <summary>Whether the weights after an epoch may be the best, where <paramref name="at"/> is its last step.
    /// Epochs that may not (a network that is pruned over time is best before it is pruned) do not use up the patience
    /// of early stopping either.</summary>
    public virtual bool MayBeBest(StepPosition at) => true;

    /// <summary>Whether what it does depends on <see cref="StepPosition.Steps"/>, such as a weight that rises over the
    /// whole training: a finished training of it cannot be made longer. No by default.</summary>
    public virtual bool DependsOnLength => false;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Who looks at the gradients: the trainer, for its callbacks.</summary>
    internal Action<StepPosition>? GradientsObserver { get; set; }

    /// <summary>All weights of all networks, in a fixed order.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> Weights() => Networks.SelectMany(n => n.Value.Tensors.Select(t => ($"{n.Key}/{t.Name}", t.Tensor)));

    /// <summary>What belongs to an epoch's weights: those and <see cref="State"/>, in a fixed order.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> WeightsAndState() => [.. Weights(), .. State.Select(t => ($"state/{t.Name}", t.Tensor))];

    /// <summary>The optimisers' state beside the weights, in a fixed order.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> OptimizerState() => Optimizers.SelectMany((o, i) => o.State.Select((t, j) => ($"optimizer{i}/{j}", t)));

    /// <summary>To be called in <see cref="Run"/> after each backward pass, before gradients are clipped and weights
    /// move: callbacks look at them.</summary>
    /// <remarks>Afterwards torch's generator is seeded anew and the networks are in training mode, with callbacks or
    /// without, so that these change nothing.</remarks>
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
