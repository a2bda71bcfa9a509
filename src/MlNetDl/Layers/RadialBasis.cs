using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Minus the squared distance of the input to a fixed code for each class: the output layer of LeNet-5
/// (LeCun et al. 1998, eq. 7), with the sign turned so that the nearest code scores highest and the values
/// serve as logits.</summary>
/// <param name="Codes">One code a class, all of the input's length; not trained.</param>
/// <remarks>[N, C] → [N, Codes.Count], y = −Σⱼ (xⱼ − codeⱼ)². Cross-entropy of it is the paper's discriminative
/// criterion (eq. 9) without its constant.</remarks>
public sealed record RadialBasis(ValueList<ValueList<float>> Codes) : UnaryLeaf, ICouplesOneValue, INarrowsChannels, ICheckedRecord
{
    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems() =>
        Codes.Select(c => c.Count).Distinct().Count() == 1 && Codes[0].Count > 0
            ? []
            : [new("codes", "must be one code a class, all of one length, but have the lengths "
                + $"[{string.Join(", ", Codes.Select(c => c.Count))}].")];

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input is not { Rank: 2, Type: ElementType.Float32 } || input[1].Size != Codes[0].Count)
        {
            throw new ShapeException($"RadialBasis has codes of length {Codes[0].Count}, which do not fit its input "
                + $"{input}; the layer before must be as wide as a code.");
        }

        return input.With(1, Codes.Count);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input) =>
        [new("codes", [Codes.Count, Codes[0].Count], new FixedInit(Codes.SelectMany(c => c).ToValueList())) { Trainable = false }];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) =>
        -(input.unsqueeze(1) - state["codes"]).Pow(2).sum(2);

    /// <summary>No: a feature that is 0 has a distance to its codes.</summary>
    public bool CutEqualsMask => false;

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => groups.Fresh(Codes.Count);

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) => [ChannelAxis.Along("codes", 0, Codes.Count)];

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> InputAxes(IReadOnlyList<Shape> inputs) => [ChannelAxis.Along("codes", 1, Codes[0].Count)];

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut) =>
        this with { Codes = cut.Outputs[0].Select(o => cut.Inputs[0].Select(i => Codes[o][i]).ToValueList()).ToValueList() };

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var difference = graph.Add("Sub", [graph.Add("Unsqueeze", [input, graph.Constant("axis", new long[] { 1 })]), weights["codes"]]);
        return graph.Add("Neg", [graph.Add("ReduceSumSquare", [difference], ("axes", new long[] { 2 }), ("keepdims", 0))]);
    }
}
