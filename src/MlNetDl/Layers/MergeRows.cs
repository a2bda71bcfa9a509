using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Puts the rows that went on behind a <see cref="HardRows"/> among those that left there: the end of an early exit.</summary>
/// <param name="Exit">The wire with the exit's logits, as at the <see cref="HardRows"/>.</param>
/// <remarks>[M, K] → [N, K]: for rows that left the exit's values, for the others the running ones. While a network trains it
/// passes the running value on. Of several exits the last one is merged first.</remarks>
public sealed record MergeRows(string Exit) : Leaf, ICouplesChannels
{
    /// <inheritdoc/>
    public override ValueList<string> Wires => [Exit, HardRows.RowsOf(Exit)];

    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        RowNumbers.CheckRows(this, inputs[0]);
        RowNumbers.Check(this, inputs[2]);
        if (inputs[0].With(0, inputs[1][0]) != inputs[1])
        {
            throw new ShapeException($"MergeRows got {inputs[0]} to put among {inputs[1]} of the exit '{Exit}'; give the exit and the network as "
                + "many outputs.");
        }

        return inputs[1];
    }

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) =>
        state.Training ? inputs[0].alias() : inputs[1].index_copy(0, inputs[2], inputs[0]);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("ScatterND", [inputs[1], RowNumbers.Column(graph, inputs[2]), inputs[0]]);

    /// <inheritdoc/>
    public IReadOnlyList<Channels> Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) =>
        [groups.Unite(inputs[0], inputs[1])];
}
