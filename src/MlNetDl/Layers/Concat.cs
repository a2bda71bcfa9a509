using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Puts its inputs one after the other along the channels (dimension 1 for vectors and images, the last for
/// sequences): the join of an inception block.</summary>
public sealed record Concat : Join, ICouplesChannels
{
    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var first = inputs[0];
        int axis = Axis(first);
        if (first.Rank < 2 || inputs.Any(s => s.Rank != first.Rank || s.Dims[axis].Size is null || s.With(axis, 0) != first.With(axis, 0)))
        {
            throw new ShapeException($"Concat needs inputs that differ in dimension {axis} only but got "
                + $"{string.Join(" and ", inputs)}; give the branches the same strides.");
        }

        return first.With(axis, inputs.Sum(s => s.Size(axis)));
    }

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => cat([.. inputs], inputs[0].dim() == 3 ? 2 : 1);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Concat", inputs, ("axis", Axis(inputs[0].Shape!)));

    /// <inheritdoc/>
    public IReadOnlyList<Channels> Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) =>
        [new(inputs.SelectMany(i => i.Groups).ToValueList())];

    private static int Axis(Shape shape) => shape.Rank == 3 ? 2 : 1;
}
