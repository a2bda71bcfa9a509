using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Keeps the greatest values of each row and sets the others to 0: winner takes all, for gates of channels (Gao et al. 2018,
/// arXiv:1810.05331, eq. 5) and for experts (Shazeer et al. 2017, arXiv:1701.06538, eq. 5).</summary>
/// <param name="K">How many are kept, 1 or more; with as many as there are it changes nothing.</param>
/// <remarks>[N, C] → [N, C]. Gradients reach the kept values alone. Where channels are pruned, a row keeps the same share of those that are left,
/// rounded up.</remarks>
public sealed record TopK([property: AtLeast(1)] int K) : UnaryLeaf, ICouplesOneValue, INarrowsChannels
{
    /// <summary>No: in the place of a channel that is gone another one wins.</summary>
    public bool CutEqualsMask => false;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != 2 || input.Type != ElementType.Float32 || input[1].Size is not { } size)
        {
            throw new ShapeException($"TopK expects [N, C] with known C but got {input}; pool and flatten images before.");
        }

        return K <= size ? input : throw new ShapeException($"TopK cannot keep {K} of {size} values; let k be at most {size}.");
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state)
    {
        var (values, indices) = input.topk(K, 1);
        return zeros_like(input).scatter(1, indices, values);
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var kept = graph.AddMany("TopK", 2, [input, graph.Constant("k", new long[] { K })], ("axis", 1));
        var zeros = graph.Add("Mul", [input, RowNumbers.Scalar(graph, "zero", 0)]);
        return graph.Add("ScatterElements", [zeros, kept[1], kept[0]], ("axis", 1));
    }

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => input;

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut)
    {
        long all = cut.Shapes[0].Size(1);
        return this with { K = (int)((((long)K * cut.Out) + all - 1) / all) };
    }
}
