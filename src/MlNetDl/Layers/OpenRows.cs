using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>The rows whose gate is open: what stands behind it computes nothing for the others. It is the entrance of a block that
/// rows may skip, or of an expert; an <see cref="AddRows"/> is the way out.</summary>
/// <param name="Gate">The wire with the gates, [N, G], 0 where closed.</param>
/// <param name="Column">Which of the gates, 0 to G − 1.</param>
/// <remarks>[N, …] → [M, …] with M from 0 to N. It publishes the numbers of the open rows, int64 [M], as the wire
/// <c>{Gate}{Column}Rows</c>. A gate is open where it is not 0. While a network trains all rows go on, because a closed gate learns from
/// what the block would have given.</remarks>
public sealed record OpenRows(string Gate, [property: AtLeast(0)] int Column = 0) : PublishingLeaf, ICouplesChannels, INarrowsChannels
{
    /// <inheritdoc/>
    public override ValueList<string> Wires => [Gate];

    /// <inheritdoc/>
    public override ValueList<string> Publishes => [RowsOf(Gate, Column)];

    /// <summary>No, as a gate that is gone is not closed.</summary>
    public bool CutEqualsMask => false;

    /// <inheritdoc/>
    public override IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs)
    {
        RowNumbers.CheckRows(this, inputs[0]);
        AddRows.CheckGates(this, Gate, inputs[1], Column + 1);
        var wire = RowsOf(Gate, Column);
        return [inputs[0].With(0, Dim.Of(wire)), RowNumbers.ShapeOf(wire)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> ForwardAll(IReadOnlyList<Tensor> inputs, LeafState state)
    {
        if (state.Training)
        {
            return [inputs[0].alias(), Scalars.Arange(inputs[0].shape[0], ScalarType.Int64, inputs[0].device)];
        }

        var rows = inputs[1].select(1, Column).Ne(0).nonzero().reshape(-1);
        return [inputs[0].index_select(0, rows), rows];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<OnnxValue> WriteOnnxAll(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var gate = graph.Add("Gather", [inputs[1], graph.Constant("column", new long[] { Column }, scalar: true)], ("axis", 1));
        var rows = RowNumbers.Onnx(graph, gate);
        return [graph.Add("Gather", [inputs[0], rows], ("axis", 0)), rows];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Channels> Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) =>
        [inputs[0], groups.Fresh(1)];

    /// <summary>The wire with the numbers of the rows whose gate is open.</summary>
    internal static string RowsOf(string gate, int column) => FormattableString.Invariant($"{gate}{column}Rows");
}
