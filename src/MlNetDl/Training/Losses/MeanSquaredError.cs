using MlNetDl.Metrics;
using static TorchSharp.torch;

namespace MlNetDl.Training.Losses;

/// <summary>Mean squared error: the mean of (x − y)² over the values of an example, then over the batch. No factor ½,
/// as PyTorch's <c>mse_loss</c>.</summary>
public sealed record MeanSquaredError : Loss
{
    /// <inheritdoc/>
    protected override Tensor PerExample(Tensor outputs, Tensor targets) => (outputs - targets).Pow(2).mean([1]);

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

    /// <inheritdoc/>
    protected override string? Misfit(Tensor outputs, Tensor targets) => ValueShapes.Misfit(outputs, targets);
}
