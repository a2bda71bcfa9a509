using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Training.Losses;

/// <summary>Multiclass cross-entropy of logits, −log softmax(x)ₖ for the true class k, computed with log-sum-exp.</summary>
/// <remarks>It takes logits: a softmax before it is the well-known double softmax. Averaged over the batch, not summed: a sum would scale the learning rate by its size.</remarks>
public sealed record CrossEntropy : Loss
{
    /// <summary>Share of the target that is spread evenly over all classes, 0 to below 1 (Szegedy et al. 2015, arXiv:1512.00567, section 7); 0 by default.</summary>
    public double LabelSmoothing { get; init; }

    /// <inheritdoc/>
    protected override Tensor PerExample(Tensor outputs, Tensor targets) =>
        nn.functional.cross_entropy(outputs, targets, reduction: nn.Reduction.None, label_smoothing: LabelSmoothing);

    /// <inheritdoc/>
    protected override Tensor MeanOf(Tensor outputs, Tensor targets) => nn.functional.cross_entropy(outputs, targets, label_smoothing: LabelSmoothing);

    /// <inheritdoc/>
    protected override string? Misfit(Tensor outputs, Tensor targets) =>
        outputs.dim() != 2 || targets.dim() != 1 || targets.dtype != ScalarType.Int64 || outputs.shape[0] != targets.shape[0]
            ? $"expects logits [N, K] and class indices int64 [N] but got {Text(outputs)} and {Text(targets)}."
            : LabelSmoothing is < 0 or >= 1 ? $"labelSmoothing must be 0 or more and below 1 but is {LabelSmoothing}." : null;
}
