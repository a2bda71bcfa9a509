using static TorchSharp.torch;
using MlNetDl.Configuration;

namespace MlNetDl.Training.Optimizers;

/// <summary>How weights move along their gradients.</summary>
public abstract record Optimizer : ICheckedRecord
{
    /// <summary>Step size α before the schedule's factor; greater than 0.</summary>
    [Above(0)]
    public abstract double LearningRate { get; init; }

    /// <summary>Weight decay λ, 0 or more; none by default.</summary>
    [AtLeast(0)]
    public double WeightDecay { get; init; }

    /// <summary>Whether biases and scales (weights whose layer says that they do not decay; by default those of one dimension) decay too:
    /// no, as decaying them only costs accuracy. PyTorch decays all.</summary>
    public bool DecayVectors { get; init; }

    /// <summary>Starts optimising the given weights.</summary>
    /// <param name="parameters">The weights, float32.</param>
    /// <param name="decays">For each, whether weight decay applies to it; <see langword="null"/> where those of more than one dimension do.</param>
    public abstract OptimizerRun Start(IReadOnlyList<Tensor> parameters, IReadOnlyList<bool>? decays = null);

    /// <summary>What is wrong with it beside the ranges of its members: rules between them. Nothing by default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];
}
