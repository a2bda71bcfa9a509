using static TorchSharp.torch;

namespace MlNetDl.Layers.Contracts;

/// <summary>A layer that computes: all that is known of it (shape rule, weights, cost, forward pass, ONNX, channel coupling) stands in its one file.</summary>
/// <remarks>Derive from it outside the library in the same way and register the type with the layer catalog to use it from YAML.</remarks>
public abstract record Leaf : Layer
{
    /// <summary>The named wires it takes beside the running value; they follow it in every list of inputs.</summary>
    public virtual ValueList<string> Wires => [];

    /// <summary>The wires under which it publishes further values beside the running one; none by default. Derive leaves that have
    /// some from <see cref="PublishingLeaf"/>.</summary>
    public virtual ValueList<string> Publishes => [];

    /// <summary>The shape of the output.</summary>
    /// <param name="inputs">The running value's shape first, then those of <see cref="Wires"/>; all branches for a join.</param>
    /// <exception cref="ShapeException">The inputs do not fit.</exception>
    public abstract Shape OutputShape(IReadOnlyList<Shape> inputs);

    /// <summary>The shapes of the running value and of what it publishes, in the order of <see cref="Publishes"/>.</summary>
    /// <exception cref="ShapeException">The inputs do not fit.</exception>
    public virtual IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs) => [OutputShape(inputs)];

    /// <summary>The weights it owns, in a fixed order; none by default. <see cref="OutputShape"/> has accepted the inputs before.</summary>
    public virtual IReadOnlyList<Parameter> Parameters(IReadOnlyList<Shape> inputs) => [];

    /// <summary>Multiply–adds for one example; 0 by default, as only convolutions and matrix products are counted by convention.</summary>
    public virtual long Macs(IReadOnlyList<Shape> inputs) => 0;

    /// <summary>A torch module for a layer that torch offers only as one (LSTM, for example); it must own the tensors that
    /// <see cref="Parameters"/> names.</summary>
    public virtual nn.Module? CreateModule(IReadOnlyList<Shape> inputs) => null;

    /// <summary>The forward pass in torch. The inputs have the inferred shapes; weights and mode come from <paramref name="state"/>.</summary>
    public abstract Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state);

    /// <summary>The forward pass of a leaf that publishes: the running value first, then what it publishes.</summary>
    public virtual IReadOnlyList<Tensor> ForwardAll(IReadOnlyList<Tensor> inputs, LeafState state) => [Forward(inputs, state)];

    /// <summary>Whether it computes in float32 whatever the network's <see cref="Precision"/>; its inputs are then float32. No by default.</summary>
    /// <remarks>A leaf with a torch module (<see cref="CreateModule"/>) does in any case: the module holds float32 weights.</remarks>
    public virtual bool InFloat32 => false;

    /// <summary>Whether the backward pass needs the output (as that of a sigmoid does): if so, the layer behind must not overwrite it. To
    /// be on the safe side, yes.</summary>
    public virtual bool BackwardNeedsOutput => true;

    /// <summary>Writes the scoring form of the layer (no dropout, running statistics) into an ONNX graph.</summary>
    /// <param name="graph">Receives the nodes.</param>
    /// <param name="inputs">The values of the inputs; their <see cref="OnnxValue.Shape"/>s are known.</param>
    /// <param name="weights">The initializers of <see cref="Parameters"/>, by parameter name.</param>
    public abstract OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights);

    /// <summary>The ONNX form of a leaf that publishes: the running value first, then what it publishes.</summary>
    public virtual IReadOnlyList<OnnxValue> WriteOnnxAll(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        [WriteOnnx(graph, inputs, weights)];

    /// <summary>How the channels of the output hang on those of the inputs, for structured pruning.</summary>
    /// <exception cref="NotSupportedException">The layer cannot say (yet); it stands in the opt-out table of the tests.</exception>
    public virtual Channels Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) =>
        throw new NotSupportedException($"{GetType().Name} does not say how its channels hang together, so a network with it cannot be pruned structurally.");

    /// <summary>How the channels of the running value and of what it publishes hang on those of the inputs.</summary>
    /// <exception cref="NotSupportedException">The layer cannot say (yet).</exception>
    public virtual IReadOnlyList<Channels> CoupleAll(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) => Publishes.Count == 0
        ? [Couple(inputs, shapes, groups)]
        : throw new NotSupportedException(
            $"{GetType().Name} does not say how the channels of what it publishes hang together, so a network with it cannot be pruned structurally.");
}
