using MlNetDl.Configuration;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>An optimiser that evaluates the loss twice a step: sharpness-aware minimisation (Foret et al. 2020,
/// arXiv:2010.01412) takes the gradient where the loss nearby is greatest, at w + ρ·g/‖g‖, and goes along it as
/// another optimiser does.</summary>
public sealed record SharpnessAware : WrappingOptimizer, IReevaluatingOptimizer
{
    /// <summary>How far that is, ρ, 0 or more; 0.05 as in the paper. With 0 it is the base.</summary>
    [AtLeast(0)]
    public double Rho { get; init; } = 0.05;

    /// <inheritdoc/>
    public void Reevaluate(IReadOnlyList<Tensor> parameters, Func<double> backward)
    {
        // ε = ρ·g/‖g‖ over all weights together (eq. 2 with p = 2).
        var gradients = parameters.Where(w => w.grad is not null).Select(w => (Weight: w, Gradient: w.grad!)).ToList();
        double norm = Math.Sqrt(gradients.Sum(g => g.Gradient.pow(2).sum().item<float>()));
        if (Rho == 0 || norm == 0)
        {
            return;
        }

        var moves = gradients.Select(g => (g.Weight, Start: g.Weight.clone(), Move: g.Gradient * (Rho / norm))).ToList();
        moves.ForEach(m => m.Weight.add_(m.Move));
        backward();
        moves.ForEach(m => m.Weight.copy_(m.Start));
    }
}
