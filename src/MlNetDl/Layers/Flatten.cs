using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>All dimensions but the batch in one: [N, C, H, W] → [N, C·H·W], row-major (channel by channel).</summary>
/// <remarks>Images in H, W, C order must be transposed before; flattening them as they are mixes
/// channels into columns.</remarks>
public sealed record Flatten : UnaryLeaf, ICouplesOneValue
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input with { Dims = [input.Dims[0], input.ElementsPerExample()] };

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => input.flatten(1);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Flatten", [input], ("axis", 1));

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups)
    {
        int columns = (int)(shape.ElementsPerExample() / input.Groups.Count);

        // A sequence [N, T, C] has its channels last, others have them first.
        return new((shape.Rank == 3
            ? Enumerable.Repeat(input.Groups, columns).SelectMany(g => g)
            : input.Groups.SelectMany(g => Enumerable.Repeat(g, columns))).ToValueList());
    }
}
