using static TorchSharp.torch;

namespace MlNetDl.Layers.Contracts;

/// <summary>A leaf that makes several values: the running one, and others that it publishes as wires (the last state of
/// a recurrent layer, attention maps, the indices beside the largest values).</summary>
/// <remarks>
/// A published wire is read like one of a <c>Tap</c>: by <c>Read</c>, by leaves, or by a <c>Tap</c> with <c>Read</c> as
/// its head, which makes an output of the network of it.
/// The lists of values have the running value first, then one for each of <see cref="Publishes"/>, in that order.
/// </remarks>
public abstract record PublishingLeaf : Leaf
{
    /// <summary>The wires under which it publishes further values beside the running one.</summary>
    public abstract ValueList<string> Publishes { get; }

    /// <summary>The shapes of the running value and of what it publishes.</summary>
    /// <param name="inputs">The running value's shape first, then those of <see cref="Leaf.Wires"/>.</param>
    /// <exception cref="ShapeException">The inputs do not fit.</exception>
    public abstract IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs);

    /// <summary>The forward pass in torch: the running value first, then what it publishes.</summary>
    public abstract IReadOnlyList<Tensor> ForwardAll(IReadOnlyList<Tensor> inputs, LeafState state);

    /// <summary>The ONNX form: the running value first, then what it publishes.</summary>
    /// <param name="graph">Receives the nodes.</param>
    /// <param name="inputs">The values of the inputs; their <see cref="OnnxValue.Shape"/>s are known.</param>
    /// <param name="weights">The initializers of <see cref="Leaf.Parameters"/>, by parameter name.</param>
    public abstract IReadOnlyList<OnnxValue> WriteOnnxAll(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights);

    /// <inheritdoc/>
    public sealed override Shape OutputShape(IReadOnlyList<Shape> inputs) => OutputShapes(inputs)[0];

    /// <inheritdoc/>
    public sealed override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => ForwardAll(inputs, state)[0];

    /// <inheritdoc/>
    public sealed override OnnxValue WriteOnnx(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        WriteOnnxAll(graph, inputs, weights)[0];

    internal sealed override ValueList<string> PublishedWires => Publishes;

    internal sealed override IReadOnlyList<Shape> ShapesOf(IReadOnlyList<Shape> inputs) => OutputShapes(inputs);

    internal sealed override IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, LeafState state) => ForwardAll(inputs, state);

    internal sealed override IReadOnlyList<OnnxValue> Write(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        WriteOnnxAll(graph, inputs, weights);
}
