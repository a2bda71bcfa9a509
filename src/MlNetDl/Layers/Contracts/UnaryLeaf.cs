using static TorchSharp.torch;

namespace MlNetDl.Layers.Contracts;

/// <summary>A leaf that makes one value of one value, as most do. Its members take that value
/// instead of lists.</summary>
/// <remarks>A leaf that also reads wires or joins branches derives from <see cref="Leaf"/>, one that makes several
/// values from <see cref="PublishingLeaf"/>.</remarks>
public abstract record UnaryLeaf : Leaf
{
    /// <summary>The shape of the output.</summary>
    /// <param name="input">The shape of the running value.</param>
    /// <exception cref="ShapeException">The input does not fit.</exception>
    public abstract Shape OutputShape(Shape input);

    /// <summary>The weights it owns, in a fixed order; none by default. <see cref="OutputShape(Shape)"/> has accepted
    /// the input before.</summary>
    public virtual IReadOnlyList<Parameter> Parameters(Shape input) => [];

    /// <summary>Multiply–adds for one example; 0 by default, as only convolutions and matrix products are
    /// counted by convention.</summary>
    public virtual long Macs(Shape input) => 0;

    /// <summary>The forward pass in torch. The input has the inferred shape; weights and mode come from
    /// <paramref name="state"/>.</summary>
    public abstract Tensor Forward(Tensor input, LeafState state);

    /// <summary>Writes the scoring form of the layer (no dropout, running statistics) into an ONNX graph.</summary>
    /// <param name="graph">Receives the nodes.</param>
    /// <param name="input">The running value; its <see cref="OnnxValue.Shape"/> is known.</param>
    /// <param name="weights">The initializers of <see cref="Parameters(Shape)"/>, by parameter name.</param>
    public abstract OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights);

    /// <summary>None: it takes the running value alone.</summary>
    public sealed override ValueList<string> Wires => [];

    /// <inheritdoc/>
    public sealed override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        // With several branches it would silently see the first alone.
        if (inputs.Count != 1)
        {
            throw new ShapeException($"{GetType().Name} takes one value but got {inputs.Count}; "
                + "join them by Sum, Concat, Product or another leaf that takes several.");
        }

        return OutputShape(inputs[0]);
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Parameter> Parameters(IReadOnlyList<Shape> inputs) => Parameters(inputs[0]);

    /// <inheritdoc/>
    public sealed override long Macs(IReadOnlyList<Shape> inputs) => Macs(inputs[0]);

    /// <inheritdoc/>
    public sealed override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => Forward(inputs[0], state);

    /// <inheritdoc/>
    public sealed override OnnxValue WriteOnnx(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        WriteOnnx(graph, inputs[0], weights);
}
