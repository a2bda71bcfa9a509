using MlNetDl.Metrics;
using MlNetDl.Training.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A loss whose examples have parts that count for themselves: the squared error of those targets that are
/// known. One that is not is NaN.</summary>
public sealed record KnownSquaredError : Loss
{
    public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

    public override Tensor Weight(Tensor targets, Tensor? weights = null) => Shares(targets, weights).sum();

    protected override Tensor PerExample(Tensor outputs, Tensor targets) =>
        Errors(outputs, targets).sum(1) / Shares(targets, null).sum(1).clamp_min(LeastWeight);

    protected override Tensor MeanOf(Tensor outputs, Tensor targets) => Of(outputs, targets, null);

    protected override Tensor WeightedMeanOf(Tensor outputs, Tensor targets, Tensor weights) => Of(outputs, targets, weights);

    protected override string? Misfit(Tensor outputs, Tensor targets) => outputs.dim() == 2
            && targets.dtype == ScalarType.Float32
            && outputs.shape.AsSpan().SequenceEqual(targets.shape)
        ? null
        : $"expects outputs and targets float32 [N, K] of one shape but got {Text(outputs)} and {Text(targets)}.";

    private static Tensor Of(Tensor outputs, Tensor targets, Tensor? weights)
    {
        var shares = Shares(targets, weights);
        return (Errors(outputs, targets) * shares).sum() / shares.sum().clamp_min(LeastWeight);
    }

    private static Tensor Errors(Tensor outputs, Tensor targets) =>
        ((outputs - targets.nan_to_num(0)) * targets.isnan().logical_not()).square();

    private static Tensor Shares(Tensor targets, Tensor? weights)
    {
        var known = targets.isnan().logical_not().to(ScalarType.Float32);
        return weights is null ? known : known * weights.unsqueeze(1);
    }
}
