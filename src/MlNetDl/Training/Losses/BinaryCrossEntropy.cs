using MlNetDl.Configuration;
using MlNetDl.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training.Losses;

/// <summary>Binary cross-entropy of logits, max(x, 0) − x·y + log(1 + e^−|x|): this form is stable where the logarithm
/// of a sigmoid is not. Of several labels, the mean over them.</summary>
public sealed record BinaryCrossEntropy : Loss
{
    /// <summary>Weight of the positive examples' term, greater than 0; 1 by default. The ratio of negatives to
    /// positives balances a skewed set.</summary>
    [Above(0)]
    public double PositiveWeight { get; init; } = 1;

    /// <inheritdoc/>
    protected override Tensor PerExample(Tensor outputs, Tensor targets)
    {
        var terms = nn.functional.binary_cross_entropy_with_logits(outputs, targets, reduction: nn.Reduction.None,
            pos_weights: PositiveWeight == 1 ? null : tensor((float)PositiveWeight, device: outputs.device));
        return terms.mean([1]);
    }

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form is ScoreForm.Logit or ScoreForm.Logits;

    /// <inheritdoc/>
    protected override string? Misfit(Tensor outputs, Tensor targets) => ValueShapes.Misfit(outputs, targets);
}
