using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Fully connected layer, y = x·Wᵀ + b, applied to the last dimension.</summary>
/// <param name="Out">Output features.</param>
/// <remarks>[N, …, C] → [N, …, Out]. Weight [Out, C].</remarks>
public sealed record Linear([property: AtLeast(1)] int Out) : UnaryLeaf, ICouplesOneValue, INarrowsChannels, ICheckedRecord
{
    /// <summary>Whether a bias is added.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>How the weight is filled; uniform on ±1/√fan-in, PyTorch's default, unless given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? WeightInit { get; init; }

    /// <summary>How the bias is filled; uniform on ±1/√fan-in of the weight, PyTorch's default, unless given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? BiasInit { get; init; }

    /// <inheritdoc/>
    public override bool BackwardNeedsOutput => false;

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems() => BiasProblem.Of(Bias, BiasInit);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Type != ElementType.Float32 || input.Rank is not (2 or 3) || input[^1].Size is null)
        {
            throw new ShapeException($"Linear expects float32 [N, C] or [N, T, C] with known C but got {input}; insert "
                + $"{(input.Type == ElementType.Int64 ? "an Embedding, which makes floats of tokens," : "Flatten")} "
                + "before it.");
        }

        return input.With(input.Rank - 1, Out);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input)
    {
        var weight = new Parameter("weight", [Out, input.Size(input.Rank - 1)], WeightInit ?? new FanInUniformInit());
        return Bias ? [weight, weight.Bias(Out, BiasInit ?? new FanInUniformInit())] : [weight];
    }

    /// <inheritdoc/>
    public override long Macs(Shape input) =>
        (long)Out * input.Size(input.Rank - 1) * (input.Rank == 3 ? input[1].Size ?? 1 : 1);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) =>
        nn.functional.linear(input, state["weight"], Bias ? state["bias"] : null);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        if (input.Shape!.Rank == 2)
        {
            return graph.Add("Gemm", [input, weights["weight"], weights.GetValueOrDefault("bias")], ("transB", 1));
        }

        var transposed = graph.Add("Transpose", [weights["weight"]], ("perm", new long[] { 1, 0 }));
        var product = graph.Add("MatMul", [input, transposed]);
        return Bias ? graph.Add("Add", [product, weights["bias"]]) : product;
    }

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => groups.Fresh(Out);

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) =>
        [.. Parameters(inputs).Select(p => ChannelAxis.Along(p.Name, 0, Out))];

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> InputAxes(IReadOnlyList<Shape> inputs) =>
        [ChannelAxis.Along("weight", 1, inputs[0].Size(inputs[0].Rank - 1))];

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut) => this with
    {
        Out = cut.Out,
        WeightInit = ChannelCut.Of(WeightInit),
        BiasInit = ChannelCut.Of(BiasInit),
    };
}
