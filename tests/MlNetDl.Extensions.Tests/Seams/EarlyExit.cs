using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>The rows whose exit is not sure: whose greatest probability is below
/// <paramref name="Threshold"/>.</summary>
/// <remarks>Teerapittayanon et al. 2017, arXiv:1709.01686. [N, C] beside logits [N, K] → [M, C]; publishes the rows'
/// numbers, int64 [M].</remarks>
internal sealed record SeamHardRows(string Exit, float Threshold) : PublishingLeaf
{
    public override ValueList<string> Wires => [Exit];

    public override ValueList<string> Publishes => ["hard"];

    public override IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs) =>
        [inputs[0].With(0, "M"), new(ElementType.Int64, ["M"])];

    public override IReadOnlyList<Tensor> ForwardAll(IReadOnlyList<Tensor> inputs, LeafState state)
    {
        var rows = inputs[1].softmax(1).amax([1]).lt(Threshold).nonzero().flatten();
        return [inputs[0].index_select(0, rows), rows];
    }

    public override IReadOnlyList<OnnxValue> WriteOnnxAll(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var sure = graph.Add("ReduceMax", [graph.Add("Softmax", [inputs[1]], ("axis", 1))], ("axes", new long[] { 1 }), ("keepdims", 0));
        var hard = graph.Add("NonZero", [graph.Add("Less", [sure, graph.Constant("threshold", new[] { Threshold }, scalar: true)])]);
        var rows = graph.Add("Squeeze", [hard, graph.Constant("axis", new long[] { 0 })]);
        return [graph.Add("Gather", [inputs[0], rows], ("axis", 0)), rows];
    }
}

/// <summary>Puts the hard rows' logits, [M, K], into those of the exit, [N, K].</summary>
internal sealed record SeamMergeRows(string Exit) : Leaf
{
    public override ValueList<string> Wires => [Exit, "hard"];

    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        if (inputs[0][1] != inputs[1][1])
        {
            throw new ShapeException(
                $"SeamMergeRows needs logits of as many classes but got {inputs[0]} and {inputs[1]}.");
        }

        return inputs[1];
    }

    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => inputs[1].index_copy(0, inputs[2], inputs[0]);

    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("ScatterND", [inputs[1], graph.Add("Unsqueeze", [inputs[2], graph.Constant("axis", new long[] { 1 })]), inputs[0]]);
}
