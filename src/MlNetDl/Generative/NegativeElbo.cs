using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Generative;

/// <summary>How badly a row is made of its code: −log p(x | z), and the divergence of its code where there is a <see cref="Prior"/>. With the mean as the
/// code it is the negative bound of a variational autoencoder without noise.</summary>
/// <param name="Likelihood">The likelihood, whose variance is given where it has one.</param>
/// <param name="Observed">The wire of the scaled values.</param>
/// <remarks>The running value is what the decoder makes, [N, D]; the result is [N, 1], in nats. A value beyond the range of a likelihood of shares
/// is impossible, so its row has an infinite score.</remarks>
public sealed record NegativeElbo(Likelihood Likelihood, string Observed) : Leaf
{
    // As wide as the check of a training.
    private const float Slack = 1e-4f;

    /// <summary>The prior of the code; <see langword="null"/>, the default, counts no divergence.</summary>
    public Prior? Prior { get; init; }

    /// <summary>The wire of the code's means, where there is a prior.</summary>
    public string? Mean { get; init; }

    /// <summary>The wire of their logarithmic variances; <see langword="null"/>, the default, for variances of 1.</summary>
    public string? LogVariance { get; init; }

    /// <inheritdoc/>
    public override ValueList<string> Wires => [Observed, .. new[] { Mean, LogVariance }.OfType<string>()];

    /// <summary>Yes: sums over many values lose their last digits in bfloat16.</summary>
    public override bool InFloat32 => true;

    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (Prior is null != Mean is null || (Prior is null && LogVariance is not null))
        {
            throw new ShapeException("NegativeElbo needs the means of a code where it has a prior, and only there.");
        }

        if (inputs[0].Rank != 2 || inputs.Any(i => i.Type != ElementType.Float32) || inputs[1].ElementsPerExample() != inputs[0].Size(1)
            || inputs.Skip(2).Any(i => i.Rank != 2 || i != inputs[2]))
        {
            throw new ShapeException("NegativeElbo needs made values [N, D], as many observed ones, and means and log variances of one shape [N, K], but got "
                + $"{string.Join(", ", inputs)}.");
        }

        return inputs[0].With(1, 1);
    }

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var observed = inputs[1].flatten(1);
        var sum = Likelihood.NegativeLog(inputs[0], observed);
        if (Prior is { } prior)
        {
            sum = sum.Add(prior.Divergence(inputs[2], inputs.Count > 3 ? inputs[3] : null));
        }

        if (Likelihood.IsOfShares)
        {
            var beyond = (observed - observed.Clamp(0, 1)).abs().amax([1]).Gt(Slack);
            sum = sum.MaskedFill(beyond, float.PositiveInfinity);
        }

        return sum.unsqueeze(1);
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(inputs);
        var observed = inputs[1].Shape!.Rank == 2 ? inputs[1] : graph.Add("Flatten", [inputs[1]], ("axis", 1));
        var sum = Likelihood.WriteNegativeLog(graph, inputs[0], observed);
        if (Prior is { } prior)
        {
            sum = graph.Add("Add", [sum, prior.WriteDivergence(graph, inputs[2], inputs.Count > 3 ? inputs[3] : null)]);
        }

        if (!Likelihood.IsOfShares)
        {
            return sum;
        }

        var within = graph.Add("Clip", [observed, graph.Scalar("zero", 0), graph.Scalar("one", 1)]);
        var beyond = graph.Add("ReduceMax", [graph.Add("Abs", [graph.Add("Sub", [observed, within])])], ("axes", new long[] { 1 }), ("keepdims", 1));
        return graph.Add(
            "Where", [graph.Add("Greater", [beyond, graph.Scalar("slack", Slack)]), graph.Scalar("impossible", float.PositiveInfinity), sum]);
    }
}

/// <summary>Nodes that sums of scores are made of.</summary>
internal static class ScoreNodes
{
    /// <summary>A number.</summary>
    public static OnnxValue Scalar(this OnnxGraph graph, string name, double value) => graph.Constant(name, new[] { (float)value }, scalar: true);

    /// <summary>The sum over the values of each row, [N, 1].</summary>
    public static OnnxValue SumOfRow(this OnnxGraph graph, OnnxValue values) =>
        graph.Add("ReduceSum", [values, graph.Constant("axes", new long[] { 1 })], ("keepdims", 1));
}
