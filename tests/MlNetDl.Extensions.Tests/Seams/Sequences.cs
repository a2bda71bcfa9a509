using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Training.Losses;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>LSTM (Hochreiter and Schmidhuber 1997) over [N, T, C] → [N, T, Hidden], which publishes the last state (h,
/// c), each [N, Hidden].</summary>
/// <remarks>Gates in ONNX's order i, o, f, c.</remarks>
internal sealed record SeamLstm(int Hidden) : PublishingLeaf
{
    private const int Int32 = 6; // ONNX's number of the type

    /// <summary>A wire, bool [N, T], that is true where there is a token; tokens come first.
    /// <see langword="null"/> takes all.</summary>
    public string? Mask { get; init; }

    /// <summary>The wires h and c to begin with, [N, Hidden]; none begins with 0.</summary>
    public ValueList<string> Start { get; init; } = [];

    public override ValueList<string> Wires => Mask is null ? Start : [.. Start, Mask];

    public override ValueList<string> Publishes => ["lastH", "lastC"];

    public override IReadOnlyList<Shape> OutputShapes(IReadOnlyList<Shape> inputs)
    {
        var state = new Shape(ElementType.Float32, [inputs[0][0], Hidden]);
        if (inputs[0] is not { Rank: 3, Type: ElementType.Float32 })
        {
            throw new ShapeException($"SeamLstm expects [N, T, C] but got {inputs[0]}.");
        }

        return [inputs[0].With(2, Hidden), state, state];
    }

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
        var mask = Mask is null ? null : inputs[^1].unsqueeze(-1);
        var (h, c) = Start.Count > 0 ? (inputs[1], inputs[2]) : (zeros([x.shape[0], Hidden]), zeros([x.shape[0], Hidden]));
        var outputs = new List<Tensor>();
        for (long t = 0; t < x.shape[1]; t++)
        {
            var gates = (nn.functional.linear(x.select(1, t), state["input"], state["bias"])
                + nn.functional.linear(h, state["state"]))
                .chunk(4, 1);
            var newC = (sigmoid(gates[2]) * c) + (sigmoid(gates[0]) * tanh(gates[3]));
            var newH = sigmoid(gates[1]) * tanh(newC);
            var isToken = mask?.select(1, t);
            (h, c) = isToken is null ? (newH, newC) : (where(isToken, newH, h), where(isToken, newC, c));
            outputs.Add(isToken is null ? newH : newH * isToken.to(newH.dtype));
        }

        return [stack(outputs, 1), h, c];
    }

    public override IReadOnlyList<OnnxValue> WriteOnnxAll(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var first = graph.Constant("first", new long[] { 0 });
        var second = graph.Constant("second", new long[] { 1 });
        var lengths = Mask is null
            ? null
            : graph.Add("ReduceSum", [graph.Add("Cast", [inputs[^1]], ("to", Int32)), second], ("keepdims", 0));
        var made = graph.AddMany("LSTM", 3,
            [
                graph.Add("Transpose", [inputs[0]], ("perm", new long[] { 1, 0, 2 })),
                graph.Add("Unsqueeze", [weights["input"], first]),
                graph.Add("Unsqueeze", [weights["state"], first]),
                graph.Add("Unsqueeze", [
                    graph.Add("Concat", [weights["bias"], graph.Constant("none", new float[4 * Hidden])], ("axis", 0)),
                    first,
                ]),
                lengths,
                Start.Count > 0 ? graph.Add("Unsqueeze", [inputs[1], first]) : null,
                Start.Count > 0 ? graph.Add("Unsqueeze", [inputs[2], first]) : null,
            ],
            ("hidden_size", Hidden));
        var outputs = graph.Add("Transpose", [graph.Add("Squeeze", [made[0], second])], ("perm", new long[] { 1, 0, 2 }));
        return [outputs, graph.Add("Squeeze", [made[1], first]), graph.Add("Squeeze", [made[2], first])];
    }
}

/// <summary>int64 [N, T] → bool [N, T], true where there is a token and not 0, which fills rows up.</summary>
internal sealed record SeamPaddingMask : UnaryLeaf
{
    public override Shape OutputShape(Shape input) => input with { Type = ElementType.Bool };

    public override Tensor Forward(Tensor input, LeafState state) => input.ne(0);

    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Not", [graph.Add("Equal", [input, graph.Constant("padding", new long[] { 0 }, scalar: true)])]);
}

/// <summary>[N, T, C] → [N, C], the sum over the sequence.</summary>
internal sealed record SeamSumOverTime : UnaryLeaf
{
    public override Shape OutputShape(Shape input) => new(ElementType.Float32, [input[0], input[2]]);

    public override Tensor Forward(Tensor input, LeafState state) => input.sum(1);

    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("ReduceSum", [input, graph.Constant("axis", new long[] { 1 })], ("keepdims", 0));
}

/// <summary>The token behind each token of a sequence: logits [N, T, K] and targets int64 [N, T].</summary>
internal sealed record SeamNextToken : LearningTask
{
    public override LabelForm Label { get; } = new ClassLabel();

    public override Loss DefaultLoss => new CrossEntropy();

    public override Layer ScoringLayer(TargetScale scale) => new Identity();

    public override ScoreForm Scores => ScoreForm.Values;

    public override IReadOnlyList<OutputColumn> Columns => [new VectorColumn(OutputColumns.Score, "")];

    public override IReadOnlyList<Metric> TrainingMetrics => [];

    public override IReadOnlyList<Metric> EvaluationMetrics => [];

    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label) => new(scores.Length / label.ClassNames.Count, []);
}
