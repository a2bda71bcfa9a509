using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>A plane of each value: [N, C] → [N, C, H, W], the same number at all places. So convolutions are told what holds for a whole image,
/// such as its class.</summary>
/// <param name="Height">H, 1 or more.</param>
/// <param name="Width">W, 1 or more.</param>
public sealed record Planes([property: AtLeast(1)] int Height, [property: AtLeast(1)] int Width) : UnaryLeaf, ICouplesOneValue
{
    /// <inheritdoc/>
    public override bool BackwardNeedsOutput => false;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != 2 || input.Type != ElementType.Float32)
        {
            throw new ShapeException($"Planes needs float32 [N, C] but got {input}.");
        }

        return new(ElementType.Float32, [input.Dims[0], input.Dims[1], Height, Width]);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.unsqueeze(2).unsqueeze(3).expand(input.shape[0], input.shape[1], Height, Width).contiguous();
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var points = graph.Add("Unsqueeze", [input, graph.Constant("axes", new long[] { 2, 3 })]);
        return graph.Add("Expand", [points, graph.Constant("shape", new long[] { 1, 1, Height, Width })]);
    }

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => input;
}
