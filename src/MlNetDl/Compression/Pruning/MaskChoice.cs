using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Which weights stay: masks of 1 and 0 by scores.</summary>
/// <remarks>Exactly the asked number of weights goes; of equal scores those behind go first. A score of minus infinity is a
/// weight that is masked already.</remarks>
internal static class MaskChoice
{
    // No layer is emptied by the threshold of all layers.
    private const double LeastKept = 0.01;

    /// <summary>Masks of a share of all weights together.</summary>
    public static IReadOnlyList<Tensor> Global(IReadOnlyList<Tensor> scores, double share)
    {
        using var scope = NewDisposeScope();
        var counts = scores.Select(s => s.NumberOfElements).ToList();
        long stay = Math.Max(scores.Count, counts.Sum() - Gone(counts.Sum(), share));
        var raised = scores.Zip(Spared(counts, stay), (s, spared) =>
        {
            var flat = s.flatten();
            return flat.MaskedFill(Best(flat, spared), float.PositiveInfinity);
        }).ToList();
        var kept = Best(cat(raised), stay);
        long from = 0;
        return [.. scores.Select(s =>
        {
            var mask = kept.narrow(0, from, s.NumberOfElements).reshape(s.shape).to(ScalarType.Float32);
            from += s.NumberOfElements;
            return mask.MoveToOuterDisposeScope();
        })];
    }

    /// <summary>The mask of a share of one tensor's weights.</summary>
    public static Tensor Layer(Tensor score, double share)
    {
        using var scope = NewDisposeScope();
        var flat = score.flatten();
        long kept = Math.Max(1, flat.NumberOfElements - Gone(flat.NumberOfElements, share));
        return Best(flat, kept).reshape(score.shape).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>The mask that keeps <paramref name="pattern"/>.Kept of each pattern.Of neighbours along the second
    /// dimension. A rest of fewer neighbours keeps the same part, rounded up.</summary>
    public static Tensor Pattern(Tensor score, MaskPattern pattern)
    {
        using var scope = NewDisposeScope();
        long inputs = score.shape[1], rest = inputs % pattern.Of, whole = inputs - rest;
        var last = score.movedim([1], [-1]).flatten(0, score.dim() - 2);
        var parts = new List<Tensor>();
        if (whole > 0)
        {
            var groups = last.narrow(1, 0, whole).reshape(-1, pattern.Of);
            parts.Add(Within(groups, pattern.Kept).reshape(-1, whole));
        }

        if (rest > 0)
        {
            parts.Add(Within(last.narrow(1, whole, rest), (int)((rest * pattern.Kept) + pattern.Of - 1) / pattern.Of));
        }

        long[] moved = [score.shape[0], .. score.shape[2..], inputs];
        return cat(parts, 1).reshape(moved).movedim([-1], [1]).contiguous().MoveToOuterDisposeScope();
    }

    // A hundredth of each layer, at least one weight; less of the largest layers where so much must not stay.
    private static long[] Spared(IReadOnlyList<long> counts, long stay)
    {
        long[] spared = [.. counts.Select(c => Math.Max(1, (long)(LeastKept * c)))];
        for (long above = spared.Sum() - stay; above > 0; above = spared.Sum() - stay)
        {
            int largest = Array.IndexOf(spared, spared.Max());
            spared[largest] -= Math.Clamp(above, 1, Math.Max(1, spared[largest] / 10));
        }

        return spared;
    }

    private static long Gone(long count, double share) => (long)Math.Round(count * share);

    // A stable order: of equal scores the first stay.
    private static Tensor Within(Tensor groups, int kept)
    {
        var order = groups.sort(1, descending: true, stable: true).Indices.narrow(1, 0, kept);
        return zeros_like(groups).scatter(1, order, ones_like(order, ScalarType.Float32));
    }

    private static Tensor Best(Tensor flat, long count)
    {
        if (count >= flat.NumberOfElements)
        {
            return ones(flat.shape, ScalarType.Bool, flat.device);
        }

        // The greatest score that goes: everything above it stays, and of its equals as many as are missing.
        var threshold = flat.kthvalue(flat.NumberOfElements - count, 0).values;
        var above = flat.gt(threshold);
        long missing = count - above.sum().item<long>();
        var equals = flat.eq(threshold);
        return above.logical_or(equals.logical_and(equals.cumsum(0).Le(missing)));
    }
}
