using static TorchSharp.torch;

namespace MlNetDl.Layers.Contracts;

/// <summary>A leaf that makes several values: the running one, and others that it publishes as wires (the last state of a recurrent
/// layer, attention maps, the indices beside the largest values).</summary>
/// <remarks>
/// A published wire is read like one of a <c>Tap</c>: by <c>Read</c>, by leaves, or by a <c>Tap</c> with <c>Read</c> as its head,
/// which makes an output of the network of it.
/// The lists of values have the running value first, then one for each of <see cref="Leaf.Publishes"/>, in that order.
/// </remarks>
public abstract record PublishingLeaf : Leaf
{
    /// <inheritdoc/>
    public abstract override ValueList<string> Publishes { get; }

    /// <inheritdoc/>
    public abstract override IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs);

    /// <inheritdoc/>
    public abstract override IReadOnlyList<Tensor> ForwardAll(IReadOnlyList<Tensor> inputs, LeafState state);

    /// <inheritdoc/>
    public abstract override IReadOnlyList<OnnxValue> WriteOnnxAll(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights);

    /// <inheritdoc/>
    public sealed override Shape OutputShape(IReadOnlyList<Shape> inputs) => OutputShapes(inputs)[0];

    /// <inheritdoc/>
    public sealed override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => ForwardAll(inputs, state)[0];

    /// <inheritdoc/>
    public sealed override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        WriteOnnxAll(graph, inputs, weights)[0];
}
