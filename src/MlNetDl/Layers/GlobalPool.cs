using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>The base of poolings over the whole image.</summary>
public abstract record GlobalPool : UnaryLeaf, ICouplesOneValue
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => Window2d.Image(this, input).With(2, 1).With(3, 1);

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => input;
}
