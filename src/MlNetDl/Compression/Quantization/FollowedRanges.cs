using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Rounds values to ranges that follow the batches' extremes by a moving average, and weights to scales of their
/// own.</summary>
internal sealed class FollowedRanges : RoundedTraining
{
    private readonly double momentum;
    private readonly Dictionary<string, Tensor> ranges;
    private readonly Dictionary<string, Tensor> seen = [];

    public FollowedRanges(QuantizationScheme scheme, QuantizedMap map, double momentum) : base(scheme, map)
    {
        this.momentum = momentum;
        ranges = scheme.Ranges.OrderBy(r => r.Key, StringComparer.Ordinal)
            .ToDictionary(r => r.Key, r => tensor(new[] { r.Value.Least, r.Value.Greatest }).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> State => ranges.Select(r => ($"range/{r.Key}", r.Value));

    /// <inheritdoc/>
    public override void Moved(StepPosition at)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (key, extremes) in seen)
        {
            ranges[key].MulInPlace(momentum).AddInPlace(extremes, 1 - momentum);
            extremes.Dispose();
        }

        seen.Clear();
    }

    /// <inheritdoc/>
    protected override Tensor Value(string key, Tensor value)
    {
        // An evaluation looks at the ranges and leaves them.
        if (is_grad_enabled() && !seen.ContainsKey(key))
        {
            using var none = no_grad();
            using var scope = NewDisposeScope();
            seen[key] = stack([value.min(), value.max()]).cpu().DetachFromDisposeScope();
        }

        return FakeQuantization.Rounded(value, RangeOf(key).Grid(Scheme.ValueBits));
    }

    /// <inheritdoc/>
    protected override Tensor Weight(string name, QuantizedProduct product, Tensor weight)
    {
        Tensor scale;
        using (no_grad())
        {
            scale = FakeQuantization.Scale(weight.detach(), product.Axis, Scheme.WeightBits, Scheme.PerChannel);
        }

        return FakeQuantization.RoundedWeight(weight, scale, product.Axis, Scheme.WeightBits);
    }

    /// <inheritdoc/>
    protected override QuantizationScheme Reached() => Scheme with { Ranges = ranges.ToDictionary(r => r.Key, r => RangeOf(r.Key)) };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        foreach (var tensor in ranges.Values.Concat(seen.Values))
        {
            tensor.Dispose();
        }
    }

    private ValueRange RangeOf(string key)
    {
        var ends = ranges[key].data<float>();
        return new ValueRange(ends[0], ends[1]).IncludingZero();
    }
}
