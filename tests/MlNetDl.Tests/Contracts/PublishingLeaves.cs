using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Contracts;

/// <summary>LSTM (Hochreiter and Schmidhuber 1997) that publishes its last state; gates in ONNX's order i,
/// o, f, c.</summary>
/// <remarks>[N, T, C] → [N, T, Hidden], state [N, Hidden].</remarks>
internal sealed record LstmWithState(int Hidden, string State) : PublishingLeaf
{
    public override ValueList<string> Publishes => [State];

    public override IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs) =>
        [inputs[0].With(2, Hidden), new(ElementType.Float32, [inputs[0][0], Hidden])];

    public override IReadOnlyList<Parameter> Parameters(IReadOnlyList<Shape> inputs)
    {
        var init = new UniformInit(1 / Math.Sqrt(Hidden));
        return [
            new("input", [4 * Hidden, inputs[0].Size(2)], init),
            new("state", [4 * Hidden, Hidden], init),
            new("bias", [4 * Hidden], init),
        ];
    }

    public override IReadOnlyList<Tensor> ForwardAll(IReadOnlyList<Tensor> inputs, LeafState state)
    {
        var x = inputs[0];
        var (h, c) = (zeros([x.shape[0], Hidden], x.dtype), zeros([x.shape[0], Hidden], x.dtype));
        var states = new List<Tensor>();
        for (long t = 0; t < x.shape[1]; t++)
        {
            var gates = (nn.functional.linear(x.select(1, t), state["input"], state["bias"])
                + nn.functional.linear(h, state["state"]))
                .chunk(4, 1);
            c = (sigmoid(gates[2]) * c) + (sigmoid(gates[0]) * tanh(gates[3]));
            h = sigmoid(gates[1]) * tanh(c);
            states.Add(h);
        }

        return [stack(states, 1), h];
    }

    public override IReadOnlyList<OnnxValue> WriteOnnxAll(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var first = graph.Constant("first", new long[] { 0 });
        var bias = graph.Add("Concat", [weights["bias"], graph.Constant("none", new float[4 * Hidden])], ("axis", 0));
        var made = graph.AddMany("LSTM", 2,
            [
                graph.Add("Transpose", inputs, ("perm", new long[] { 1, 0, 2 })), graph.Add("Unsqueeze", [weights["input"], first]),
                graph.Add("Unsqueeze", [weights["state"], first]),
                graph.Add("Unsqueeze", [bias, first]),
            ],
            ("hidden_size", Hidden));
        var states = graph.Add("Squeeze", [made[0], graph.Constant("direction", new long[] { 1 })]);
        return [graph.Add("Transpose", [states], ("perm", new long[] { 1, 0, 2 })), graph.Add("Squeeze", [made[1], first])];
    }
}

/// <summary>The K largest values of a vector, and where they stood.</summary>
/// <remarks>[N, C] → [N, K], places int64 [N, K].</remarks>
internal sealed record Largest(int K, string Places) : PublishingLeaf
{
    public override ValueList<string> Publishes => [Places];

    public override IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs)
    {
        if (inputs[0].Size(1) < K)
        {
            throw new ShapeException($"Largest cannot take {K} values of {inputs[0]}.");
        }

        return [inputs[0].With(1, K), inputs[0].With(1, K) with { Type = ElementType.Int64 }];
    }

    public override IReadOnlyList<Tensor> ForwardAll(IReadOnlyList<Tensor> inputs, LeafState state)
    {
        var (values, places) = inputs[0].topk(K, 1);
        return [values, places];
    }

    public override IReadOnlyList<OnnxValue> WriteOnnxAll(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.AddMany("TopK", 2, [inputs[0], graph.Constant("k", new long[] { K })], ("axis", 1));
}

/// <summary>Doubles, and publishes a view of the same memory.</summary>
internal sealed record DoubledWithView(string View) : PublishingLeaf
{
    public override bool BackwardNeedsOutput => false;

    public override ValueList<string> Publishes => [View];

    public override IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs) => [inputs[0], inputs[0].With(1, 1)];

    public override IReadOnlyList<Tensor> ForwardAll(IReadOnlyList<Tensor> inputs, LeafState state)
    {
        var doubled = inputs[0] * 2;
        return [doubled, doubled.narrow(1, 0, 1)];
    }

    public override IReadOnlyList<OnnxValue> WriteOnnxAll(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var doubled = graph.Add("Add", [inputs[0], inputs[0]]);
        return [doubled, graph.Add("Gather", [doubled, graph.Constant("first", new long[] { 0 })], ("axis", 1))];
    }
}
