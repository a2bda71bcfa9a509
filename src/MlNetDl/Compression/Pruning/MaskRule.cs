using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>By what, and within what, weights are chosen.</summary>
/// <param name="By">The score.</param>
/// <param name="Scope">All layers together, or each by itself.</param>
/// <param name="Pattern">A fine pattern instead of a share; <see langword="null"/> for none.</param>
internal sealed record MaskRule(WeightScore By, PruningScope Scope, MaskPattern? Pattern)
{
    /// <summary>Masks of 1 and 0 for tensors of scores.</summary>
    public IReadOnlyList<Tensor> Masks(IReadOnlyList<Tensor> scores, double share)
    {
        if (Pattern is { } pattern)
        {
            return [.. scores.Select(s => MaskChoice.Pattern(s, pattern))];
        }

        return Scope == PruningScope.Global
            ? MaskChoice.Global(scores, share)
            : [.. scores.Select(s => MaskChoice.Layer(s, share))];
    }

    /// <summary>The size below which a share of each tensor's weights lies: one for all tensors, or one for each.</summary>
    public IReadOnlyList<Tensor> Thresholds(IReadOnlyList<Tensor> sizes, double share)
    {
        if (Scope == PruningScope.Layer)
        {
            return [.. sizes.Select(s => Threshold(s.flatten(), share))];
        }

        var one = Threshold(cat([.. sizes.Select(s => s.flatten())]), share);
        return [.. sizes.Select(_ => one)];
    }

    private static Tensor Threshold(Tensor flat, double share) =>
        flat.kthvalue(Math.Clamp((long)Math.Round(flat.NumberOfElements * share), 1, flat.NumberOfElements), 0).values;
}
