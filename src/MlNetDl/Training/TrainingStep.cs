using MlNetDl.Data;
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

/// <summary>One kind of training (supervised, distillation, GAN, …): owns its networks and optimisers, and may draw several batches a step.</summary>
/// <remarks>Time, data, schedules, callbacks, checkpoints and cancellation are the <see cref="Trainer"/>'s.</remarks>
public abstract class TrainingStep : IDisposable
{
    /// <summary>The networks it trains, by name; checkpoints hold their weights.</summary>
    public abstract IReadOnlyDictionary<string, TorchNetwork> Networks { get; }

    /// <summary>The optimisers, in a fixed order; checkpoints hold their state.</summary>
    public abstract IReadOnlyList<OptimizerRun> Optimizers { get; }

    /// <summary>Trains on the next batches.</summary>
    /// <param name="batches">Has at least one batch left.</param>
    /// <param name="learningRateFactor">The schedule's factor.</param>
    public abstract StepResult Run(IBatchSource batches, double learningRateFactor);

    /// <summary>Figures over <paramref name="batches"/> without training; the networks are in evaluation mode.</summary>
    public abstract IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches);

    /// <summary>Figures over the training batches of this epoch so far.</summary>
    public abstract IReadOnlyDictionary<string, double> RunningMetrics { get; }

    /// <summary>The sums behind <see cref="RunningMetrics"/>; cleared at the start of an epoch, held in checkpoints.</summary>
    public abstract double[] RunningSums { get; set; }

    /// <summary>All weights of all networks, in a fixed order.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> Weights() => Networks.SelectMany(n => n.Value.Tensors.Select(t => ($"{n.Key}/{t.Name}", t.Tensor)));

    /// <summary>The optimisers' state beside the weights, in a fixed order.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> OptimizerState() => Optimizers.SelectMany((o, i) => o.State.Select((t, j) => ($"optimizer{i}/{j}", t)));

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

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
