using static TorchSharp.torch;
using MlNetDl.Configuration;
using MlNetDl.Torch;

namespace MlNetDl.Training.Optimizers;

/// <summary>How weights move along their gradients: settings and the update rule. What changes from step to step lies
/// in its <see cref="OptimizerRun"/>.</summary>
/// <remarks>
/// An optimiser of one's own says how many state tensors it needs (<see cref="Slots"/>) and moves one weight
/// (<see cref="Update"/>): by an <see cref="IUpdateRule"/> where each element is treated alike, else by torch's
/// operators on <see cref="WeightUpdate.Weight"/>. One that takes the gradient elsewhere than at the weights is
/// an <see cref="IReevaluatingOptimizer"/> too. One that lets another move the weights is a
/// <see cref="WrappingOptimizer"/>.
/// </remarks>
public abstract record Optimizer : ICheckedRecord
{
    /// <summary>Step size α before the schedule's factor; greater than 0.</summary>
    [Above(0)]
    public abstract double LearningRate { get; init; }

    /// <summary>Weight decay λ, 0 or more; none by default.</summary>
    [AtLeast(0)]
    public virtual double WeightDecay { get; init; }

    /// <summary>Whether biases and scales (weights whose layer says that they do not decay; by default those of one
    /// dimension) decay too: no, as decaying them only costs accuracy. PyTorch decays all.</summary>
    public virtual bool DecayVectors { get; init; }

    /// <summary>How many state tensors lie beside each weight: 1 for a momentum, 2 for Adam. With an
    /// <see cref="IUpdateRule"/> at most 4.</summary>
    public abstract int Slots { get; }

    /// <summary>Moves one weight by one step, its decay included (<see cref="WeightUpdate.Decay"/>).</summary>
    /// <remarks>It runs without gradients, in a dispose scope of its own. Weights without a gradient are
    /// not asked for.</remarks>
    /// <param name="at">The weight, its gradient, its state and where the training stands.</param>
    public abstract void Update(WeightUpdate at);

    /// <summary>Starts optimising the given weights.</summary>
    /// <param name="parameters">The weights, float32.</param>
    /// <param name="decays">For each, whether weight decay applies to it; <see langword="null"/> where those of more
    /// than one dimension do.</param>
    public OptimizerRun Start(IReadOnlyList<Tensor> parameters, IReadOnlyList<bool>? decays = null) => new(this, parameters, decays);

    /// <summary>Starts optimising the weights of a network that are trained: neither statistics nor frozen ones.</summary>
    /// <param name="network">The network.</param>
    public OptimizerRun Start(TorchNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var trained = network.Tensors.Zip(network.Plan.Parameters).Where(t => t.First.Trainable).ToList();
        return Start([.. trained.Select(t => t.First.Tensor)], [.. trained.Select(t => t.Second.Parameter.Decays)]);
    }

    /// <summary>Problems beside the ranges of its members: broken rules between them. None by default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];
}
