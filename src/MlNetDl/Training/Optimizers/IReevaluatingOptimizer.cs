using static TorchSharp.torch;

namespace MlNetDl.Training.Optimizers;

/// <summary>An optimiser that needs the loss more than once a step: it takes the gradient elsewhere than at the
/// weights, as sharpness-aware minimisation does (Foret et al. 2020, arXiv:2010.01412).</summary>
public interface IReevaluatingOptimizer
{
    /// <summary>Replaces the gradients of the weights by those that the step shall go along.</summary>
    /// <remarks>It runs without gradients, in a dispose scope of its own, after the first backward pass and before
    /// gradients are clipped.</remarks>
    /// <param name="parameters">The weights with their gradients (<c>grad</c>, <see langword="null"/> where there is
    /// none). They must be back at their values at the end; change them in place.</param>
    /// <param name="backward">Evaluates the loss of the same batch at the weights as they are, replaces their gradients
    /// and returns the loss. Dropout draws anew.</param>
    void Reevaluate(IReadOnlyList<Tensor> parameters, Func<double> backward);
}
