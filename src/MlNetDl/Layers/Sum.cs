using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Adds its inputs element by element: the join of a residual block (He et al. 2015, eq. 1).</summary>
public sealed record Sum : Join, ICouplesChannels
{
    /// <inheritdoc/>
    public override bool BackwardNeedsOutput => false;

    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs) => Same(inputs);

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) =>
        // A copy, because the next layer may overwrite it.
        inputs.Count == 1 ? inputs[0].clone() : inputs.Skip(1).Aggregate(inputs[0], (a, b) => a.Add(b));

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        inputs.Skip(1).Aggregate(inputs[0], (a, b) => graph.Add("Add", [a, b]));

    /// <inheritdoc/>
    public IReadOnlyList<Channels> Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) =>
        [inputs.Skip(1).Aggregate(inputs[0], groups.Unite)];
}
