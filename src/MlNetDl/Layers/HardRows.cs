using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>An early exit: rows of which the exit is sure leave here, and only the others go on (Teerapittayanon et al. 2017,
/// arXiv:1709.01686). A <see cref="MergeRows"/> behind the rest puts both together again.</summary>
/// <param name="Exit">The wire with the exit's logits, [N, K]; [N, 1] for one logit of yes.</param>
/// <remarks>
/// [N, …] → [M, …] with M from 0 to N, which each batch decides anew: the layers behind it compute nothing for rows that have
/// left, also in the scoring graph. It publishes the numbers of the rows that stay, int64 [M], as the wire
/// <c>{Exit}Rows</c>. While a network trains all rows go on, so that all exits learn from all rows.
/// </remarks>
public sealed record HardRows(string Exit) : PublishingLeaf, ICouplesChannels, INarrowsChannels
{
    /// <summary>How sure an exit is of a row; entropy by default, as in the paper.</summary>
    public ExitRule By { get; init; }

    /// <summary>Below it (entropy) or above it (confidence) a row leaves; 0 to 1. <see langword="null"/>, the default, lets none leave:
    /// a threshold is chosen on validation rows, by a stage.</summary>
    [AtLeast(0), AtMost(1)]
    public double? Threshold { get; init; }

    /// <inheritdoc/>
    public override ValueList<string> Wires => [Exit];

    /// <inheritdoc/>
    public override ValueList<string> Publishes => [RowsOf(Exit)];

    /// <summary>No, as fewer classes are another entropy.</summary>
    public bool CutEqualsMask => false;

    /// <summary>The threshold, or one that no row passes.</summary>
    internal double Bound => Threshold ?? (By == ExitRule.Entropy ? -1 : 2);

    /// <inheritdoc/>
    public override IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs)
    {
        RowNumbers.CheckRows(this, inputs[0]);
        if (inputs[1].Rank != 2 || inputs[1].Type != ElementType.Float32)
        {
            throw new ShapeException($"HardRows expects the logits of an exit, [N, K], on the wire '{Exit}' but got {inputs[1]}.");
        }

        return [inputs[0].With(0, Dim.Of(RowsOf(Exit))), RowNumbers.ShapeOf(RowsOf(Exit))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> ForwardAll(IReadOnlyList<Tensor> inputs, LeafState state)
    {
        if (state.Training)
        {
            return [inputs[0].alias(), Scalars.Arange(inputs[0].shape[0], ScalarType.Int64, inputs[0].device)];
        }

        var rows = ExitRules.Unsure(this, inputs[1]);
        return [inputs[0].index_select(0, rows), rows];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<OnnxValue> WriteOnnxAll(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var rows = ExitRules.Unsure(this, graph, inputs[1], inputs[1].Shape!.Size(1));
        return [graph.Add("Gather", [inputs[0], rows], ("axis", 0)), rows];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Channels> Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) =>
        [inputs[0], groups.Fresh(1)];

    /// <summary>The wire with the numbers of the rows that an exit keeps.</summary>
    internal static string RowsOf(string exit) => $"{exit}Rows";
}
