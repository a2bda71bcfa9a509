using MlNetDl.Analysis;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Lets torch compute with the rounded values and weights of a scheme: each is rounded to a level and back (Jacob et al.
/// 2018, arXiv:1712.05877, section 3).</summary>
/// <remarks>Gradients pass straight through within the range and are 0 beyond it (Bengio et al. 2013, arXiv:1308.3432).</remarks>
internal sealed class FakeQuantization(QuantizationScheme scheme, QuantizedMap map) : IForwardHook
{
    private readonly Dictionary<string, AffineGrid> grids = scheme.Ranges.ToDictionary(r => r.Key, r => r.Value.Grid(scheme.ValueBits));

    /// <summary>What a step reads is left exact; for the error of single layers.</summary>
    public Func<string, bool> Leaves { get; init; } = _ => false;

    /// <inheritdoc/>
    public Tensor Input(PlanStep step, int index, Tensor value) =>
        !Leaves(step.Path) && map.Roots.TryGetValue((step.Path, index), out var key) && grids.TryGetValue(key, out var grid)
            ? Rounded(value, grid)
            : value;

    /// <inheritdoc/>
    public Tensor Weight(PlanStep step, string parameter, Tensor stored)
    {
        var name = $"{step.WeightsName}.{parameter}";
        return !Leaves(step.Path) && map.Weights.TryGetValue(name, out var product)
            ? Rounded(stored, scheme, name, product.Axis)
            : stored;
    }

    /// <summary>A value, rounded to a grid.</summary>
    public static Tensor Rounded(Tensor value, AffineGrid grid)
    {
        var within = is_grad_enabled() ? value.Clamp(grid.Least, grid.Greatest) : value;
        return Straight(within, exact => exact.Div(grid.Scale).round_().ClampInPlace(-grid.Zero, grid.Levels - grid.Zero).MulInPlace(grid.Scale));
    }

    private static Tensor Rounded(Tensor weight, QuantizationScheme scheme, string name, int axis)
    {
        Tensor scale;
        using (no_grad())
        {
            scale = scheme.LearntScales.TryGetValue(name, out var learnt) ? tensor(learnt).to(weight.device)
                : Scale(weight.detach(), axis, scheme.WeightBits, scheme.PerChannel);
        }

        return RoundedWeight(weight, scale, axis, scheme.WeightBits);
    }

    /// <summary>A weight, rounded to levels around 0.</summary>
    public static Tensor RoundedWeight(Tensor weight, Tensor scale, int axis, int bits) => Straight(weight, exact =>
    {
        var wide = Along(scale, exact, axis);
        int levels = WeightGrid.Levels(bits);
        return bits == 1 ? where(exact.Lt(0), wide.neg(), wide) : exact.div(wide).round_().ClampInPlace(-levels, levels).mul_(wide);
    });

    /// <summary>The scales of a weight, as <see cref="WeightGrid.Scales"/> has them.</summary>
    public static Tensor Scale(Tensor weight, int axis, int bits, bool perChannel)
    {
        var sizes = weight.abs();
        var rows = perChannel ? sizes.transpose(0, axis).reshape(weight.shape[axis], -1) : sizes.reshape(1, -1);
        var scale = bits == 1 ? rows.mean([1]) : rows.amax([1]).Div(WeightGrid.Levels(bits));
        return scale.ClampMin(1e-30f);
    }

    /// <summary>Scales, spread along a weight's axis of outputs.</summary>
    public static Tensor Along(Tensor scale, Tensor weight, int axis)
    {
        if (scale.numel() == 1)
        {
            return scale;
        }

        var dims = Enumerable.Repeat(1L, (int)weight.dim()).ToArray();
        dims[axis] = scale.numel();
        return scale.reshape(dims);
    }

    // The value is the rounded one, the gradient that of the exact one. What is needed in between is freed at once: values of
    // a whole network would take several times the memory of its training.
    private static Tensor Straight(Tensor exact, Func<Tensor, Tensor> round)
    {
        using var scope = NewDisposeScope();
        Tensor rounded;
        using (no_grad())
        {
            rounded = round(exact.detach());
        }

        return (is_grad_enabled() ? exact.Add(rounded.sub_(exact.detach())) : rounded).MoveToOuterDisposeScope();
    }
}
