using MlNetDl.Metrics;
using static TorchSharp.torch;

namespace MlNetDl.Training.Losses;

/// <summary>Mean absolute error: the mean of |x − y|. Its gradient is as large near the optimum as far from it, which
/// makes training jitter there.</summary>
public sealed record MeanAbsoluteError : Loss
{
    /// <inheritdoc/>
    protected override Tensor PerExample(Tensor outputs, Tensor targets) => (outputs - targets).abs().mean([1]);

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

    /// <inheritdoc/>
    protected override string? Misfit(Tensor outputs, Tensor targets) => ValueShapes.Misfit(outputs, targets);
}
