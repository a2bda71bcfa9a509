using MlNetDl.Configuration;
using MlNetDl.Metrics;
using static TorchSharp.torch;

namespace MlNetDl.Training.Losses;

/// <summary>Huber loss: e²/2 for |e| ≤ δ, δ·(|e| − δ/2) beyond. It equals smooth L1 at δ = 1 only; for other δ it is δ
/// times smooth L1 with β = δ.</summary>
public sealed record Huber : Loss
{
    /// <summary>The error δ at which the parabola becomes a line; greater than 0, 1 by default. The ML.NET trainer
    /// standardises targets, so there δ counts standard deviations of the label.</summary>
    [Above(0)]
    public double Delta { get; init; } = 1;

    /// <inheritdoc/>
    protected override Tensor PerExample(Tensor outputs, Tensor targets) =>
        TorchSharp.torch.nn.functional.huber_loss(outputs, targets, Delta, reduction: nn.Reduction.None).mean([1]);

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

    /// <inheritdoc/>
    protected override string? Misfit(Tensor outputs, Tensor targets) => ValueShapes.Misfit(outputs, targets);
}
