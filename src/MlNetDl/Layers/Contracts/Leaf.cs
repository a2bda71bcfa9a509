using static TorchSharp.torch;

namespace MlNetDl.Layers.Contracts;

/// <summary>A layer that computes: all that is known of it (shape rule, weights, cost, forward pass, ONNX) stands in
/// its one file.</summary>
/// <remarks>
/// Leaves of one value derive from <see cref="UnaryLeaf"/>, leaves that make several from <see cref="PublishingLeaf"/>.
/// What only some have is an interface: <see cref="ICouplesChannels"/>, <see cref="INarrowsChannels"/>,
/// <see cref="IModuleLeaf"/>.
/// <para>Derive from it outside the library in the same way; register the type with the layer catalog to name it in
/// YAML, and to rebuild networks with it from a saved model.</para>
/// </remarks>
public abstract record Leaf : Layer
{
    /// <summary>The named wires it takes beside the running value; they follow it in every list of inputs.</summary>
    public virtual ValueList<string> Wires => [];

    /// <summary>The shape of the output.</summary>
    /// <param name="inputs">The running value's shape first, then those of <see cref="Wires"/>; all branches
    /// for a join.</param>
    /// <exception cref="ShapeException">The inputs do not fit.</exception>
    public abstract Shape OutputShape(IReadOnlyList<Shape> inputs);

    /// <summary>The weights it owns, in a fixed order; none by default. <see cref="OutputShape"/> has accepted
    /// the inputs before.</summary>
    public virtual IReadOnlyList<Parameter> Parameters(IReadOnlyList<Shape> inputs) => [];

    /// <summary>Multiply–adds for one example; 0 by default, as only convolutions and matrix products are
    /// counted by convention.</summary>
    public virtual long Macs(IReadOnlyList<Shape> inputs) => 0;

    /// <summary>The forward pass in torch. The inputs have the inferred shapes; weights and mode
    /// come from <paramref name="state"/>.</summary>
    public abstract Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state);

    /// <summary>Whether it computes in float32 whatever the network's <see cref="Precision"/>; its inputs are then
    /// float32. No by default.</summary>
    /// <remarks>An <see cref="IModuleLeaf"/> does in any case.</remarks>
    public virtual bool InFloat32 => false;

    /// <summary>Whether the backward pass needs the output, as that of a sigmoid does. If so, the layer behind must not
    /// overwrite it. By default yes, which is always safe.</summary>
    public virtual bool BackwardNeedsOutput => true;

    /// <summary>Writes the scoring form of the layer (no dropout, running statistics) into an ONNX graph.</summary>
    /// <param name="graph">Receives the nodes.</param>
    /// <param name="inputs">The values of the inputs; their <see cref="OnnxValue.Shape"/>s are known.</param>
    /// <param name="weights">The initializers of <see cref="Parameters"/>, by parameter name.</param>
    public abstract OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights);

    // What the engine asks: lists of values, whether the leaf makes one or several.
    internal virtual ValueList<string> PublishedWires => [];

    internal virtual IReadOnlyList<Shape> ShapesOf(IReadOnlyList<Shape> inputs) => [OutputShape(inputs)];

    internal virtual IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, LeafState state) => [Forward(inputs, state)];

    internal virtual IReadOnlyList<OnnxValue> Write(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        [WriteOnnx(graph, inputs, weights)];
}
