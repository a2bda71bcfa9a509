using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>What poolings over the whole image share.</summary>
public abstract record GlobalPool : Leaf
{
    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs) => Window2d.Image(this, inputs).With(2, 1).With(3, 1);

    /// <inheritdoc/>
    public override Channels Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) => inputs[0];
}
