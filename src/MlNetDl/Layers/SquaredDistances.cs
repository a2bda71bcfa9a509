using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>The squared Euclidean distance of a row to each of several centres, y = Σⱼ (xⱼ − cⱼ)²: the scores of k-means.</summary>
/// <param name="Centers">The number of centres.</param>
/// <remarks>[N, C] → [N, Centers]. Weight <c>centers</c> [Centers, C], zeros at first. Differences are squared as they are:
/// |x|² − 2·x·c + |c|², which is a product of matrices, would lose the digits of small distances.</remarks>
public sealed record SquaredDistances([property: AtLeast(1)] int Centers) : UnaryLeaf, ICouplesOneValue, INarrowsChannels, ICheckedRecord
{
    /// <summary>Yes: differences of raw features need their digits.</summary>
    public override bool InFloat32 => true;

    /// <inheritdoc/>
    public override bool BackwardNeedsOutput => false;

    /// <summary>No: a feature that is 0 has a distance to its centres.</summary>
    public bool CutEqualsMask => false;

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems() => [];

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input is not { Rank: 2, Type: ElementType.Float32 } || input[1].Size is null)
        {
            throw new ShapeException($"SquaredDistances expects float32 [N, C] with known C but got {input}; insert Flatten before it.");
        }

        return input.With(1, Centers);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input) => [new("centers", [Centers, input.Size(1)], new ConstantInit(0))];

    /// <inheritdoc/>
    public override long Macs(Shape input) => (long)Centers * input.Size(1);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) =>
        (input.unsqueeze(1) - state.AsFloat32("centers")).Pow(2).sum(2);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var rows = graph.Add("Unsqueeze", [input, graph.Constant("axis", new long[] { 1 })]);
        return graph.Add("ReduceSumSquare", [graph.Add("Sub", [rows, weights["centers"]])], ("axes", new long[] { 2 }), ("keepdims", 0));
    }

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => groups.Fresh(Centers);

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) => [ChannelAxis.Along("centers", 0, Centers)];

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> InputAxes(IReadOnlyList<Shape> inputs) => [ChannelAxis.Along("centers", 1, inputs[0].Size(1))];

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut) => this with { Centers = cut.Out };
}
