using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>All dimensions but the batch in one: [N, C, H, W] → [N, C·H·W], row-major (channel by channel).</summary>
/// <remarks>Images in H, W, C order must be transposed before; flattening them as they are mixes channels into columns.</remarks>
public sealed record Flatten : Leaf
{
    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs) => inputs[0] with { Dims = [inputs[0].Dims[0], inputs[0].ElementsPerExample()] };

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => inputs[0].flatten(1);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) => graph.Add("Flatten", inputs, ("axis", 1));

    /// <inheritdoc/>
    public override Channels Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups)
    {
        int columns = (int)(shapes[0].ElementsPerExample() / inputs[0].Groups.Count);
        return new(inputs[0].Groups.SelectMany(g => Enumerable.Repeat(g, columns)).ToValueList());
    }
}
