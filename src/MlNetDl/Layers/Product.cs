using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Multiplies its inputs element by element: the join of a gate.</summary>
/// <remarks>Beside images [N, C, H, W] it takes factors a channel, [N, C] or [N, C, 1, 1], which multiply the whole
/// plane (squeeze and excitation, Hu et al. 2017, arXiv:1709.01507, eq. 4).</remarks>
public sealed record Product : Join, ICouplesChannels
{
    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        // The first image of more than one pixel, else the first image. Without images all inputs have one shape.
        var whole = inputs.FirstOrDefault(s => s.Rank == 4 && !IsFactor(s, s)) ?? inputs.FirstOrDefault(s => s.Rank == 4) ?? inputs[0];
        if (inputs.FirstOrDefault(s => s != whole && !IsFactor(s, whole)) is { } other)
        {
            throw new ShapeException("Product needs inputs of one shape, or beside images [N, C, H, W] factors [N, C] "
                + $"or [N, C, 1, 1], but got {whole} and {other}.");
        }

        return whole;
    }

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state)
    {
        long rank = inputs.Max(x => x.dim());
        return inputs.Select(x => x.dim() < rank ? x.unsqueeze(-1).unsqueeze(-1) : x).Aggregate((a, b) => a.mul(b));
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        int rank = inputs.Max(i => i.Shape!.Rank);
        return inputs.Select(i => i.Shape!.Rank < rank ? graph.Add("Unsqueeze", [i, graph.Constant("axes", new long[] { 2, 3 })]) : i)
            .ToList().Aggregate((a, b) => graph.Add("Mul", [a, b]));
    }

    /// <inheritdoc/>
    public IReadOnlyList<Channels> Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) =>
        [inputs.Skip(1).Aggregate(inputs[0], groups.Unite)];

    // [N, C] or [N, C, 1, 1] beside an image of the same N and C.
    private static bool IsFactor(Shape shape, Shape image) =>
        image.Rank == 4 && shape.Type == image.Type && shape.Rank is 2 or 4
        && shape.Dims.Take(2).SequenceEqual(image.Dims.Take(2)) && shape.Dims.Skip(2).All(d => d.Size == 1);
}
