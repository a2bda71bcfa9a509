using MlNetDl.Layers.Contracts;

namespace MlNetDl.Layers;

/// <summary>A leaf that maps every element by itself: shape and channels stay as they are.</summary>
public abstract record Elementwise : Leaf
{
    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs) => inputs[0].Type == ElementType.Float32
        ? inputs[0]
        : throw new ShapeException($"{GetType().Name} expects float32 but got {inputs[0]}; insert an Embedding or another layer that makes floats.");

    /// <inheritdoc/>
    public override Channels Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) => inputs[0];
}
