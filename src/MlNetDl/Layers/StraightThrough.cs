using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>A function that jumps, and so has no gradient of its own.</summary>
public enum JumpFunction
{
    /// <summary>1 above 0, else 0: a gate that is open or closed.</summary>
    Step,

    /// <summary>The nearest whole number within the range; of two the even one.</summary>
    Round,
}

/// <summary>A step or a rounding through which gradients pass as if it were not there: the straight-through estimator (Bengio, Léonard
/// and Courville 2013, arXiv:1308.3432, section 4).</summary>
/// <remarks>
/// Any shape. Forward it jumps, in training, evaluation and scoring alike. Backward the gradient is 1 within the range and 0 outside,
/// because without that clip inputs drift away (Hubara et al. 2016, arXiv:1602.02830, eq. 4). <see cref="JumpFunction.Round"/> also clips the
/// value to the range.
/// </remarks>
public sealed record StraightThrough : Elementwise, ICheckedRecord
{
    /// <summary>The function; a step by default.</summary>
    public JumpFunction Function { get; init; }

    /// <summary>The lower end of the range in which gradients pass; −1 by default, as in Hubara et al.</summary>
    public double Low { get; init; } = -1;

    /// <summary>The upper end of the range, above <see cref="Low"/>; 1 by default.</summary>
    public double High { get; init; } = 1;

    /// <summary>Whether a channel that is 0 stays 0: not where the range leaves 0 out.</summary>
    public override bool CutEqualsMask => Function == JumpFunction.Step || (Low <= 0 && High >= 0);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state)
    {
        var clipped = input.Clamp(Low, High);
        using var none = no_grad();
        var jumped = Function == JumpFunction.Step ? input.Gt(0).to(input.dtype) : clipped.round();
        using var grad = enable_grad(state.Training);

        // The difference is exactly 0, so the value is exactly the jumped one.
        return state.Training ? jumped.Add(clipped - clipped.detach()) : jumped;
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        if (Function == JumpFunction.Step)
        {
            // Cast's float32 is 1.
            return graph.Add("Cast", [graph.Add("Greater", [input, Scalar("zero", 0)])], ("to", 1));
        }

        return graph.Add("Round", [graph.Add("Clip", [input, Scalar("low", Low), Scalar("high", High)])]);

        OnnxValue Scalar(string name, double value) => graph.Constant(name, new[] { (float)value }, scalar: true);
    }

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems()
    {
        if (!double.IsFinite(Low) || !double.IsFinite(High))
        {
            yield return new("low", "and high must be finite.");
        }
        else if (Low >= High)
        {
            yield return new("low", FormattableString.Invariant($"must be below high ({High}) but is {Low}."));
        }
    }
}
