using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Features as the channels of an image: [N, C·H·W] → [N, C, H, W], row-major; what <see cref="Flatten"/> undoes.</summary>
/// <param name="Channels">C, 1 or more.</param>
/// <param name="Height">H, 1 or more.</param>
/// <param name="Width">W, 1 or more.</param>
public sealed record Unflatten(
    [property: AtLeast(1)] int Channels, [property: AtLeast(1)] int Height, [property: AtLeast(1)] int Width)
    : UnaryLeaf, ICouplesOneValue, INarrowsChannels
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != 2 || input.Dims[1].Size != (long)Channels * Height * Width)
        {
            throw new ShapeException($"Unflatten to {Channels}×{Height}×{Width} needs [N, {(long)Channels * Height * Width}] but got {input}.");
        }

        return Shape.Image(Channels, Height, Width) with { Dims = [input.Dims[0], Channels, Height, Width] };
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state)
    {
        return input.reshape(input.shape[0], Channels, Height, Width);
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        return graph.Add("Reshape", [input, graph.Constant("shape", new long[] { 0, Channels, Height, Width })]);
    }

    /// <summary>The features of one channel go together.</summary>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups)
    {
        int pixels = Height * Width;
        return Enumerable.Range(0, pixels)
            .Select(pixel => new Channels(Enumerable.Range(0, Channels).Select(c => input.Groups[(c * pixels) + pixel]).ToValueList()))
            .Aggregate(groups.Unite);
    }

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut) => this with { Channels = cut.Out };
}
