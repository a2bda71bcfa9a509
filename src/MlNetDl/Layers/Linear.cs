using System.Text.Json.Serialization;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Fully connected layer, y = x·Wᵀ + b, applied to the last dimension.</summary>
/// <param name="Out">Output features.</param>
/// <remarks>[N, …, C] → [N, …, Out]. Weight [Out, C].</remarks>
public sealed record Linear(int Out) : UnaryLeaf, ICouplesOneValue
{
    /// <summary>Whether a bias is added.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>How the weight is filled; PyTorch's default, uniform on ±1/√C, unless given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? WeightInit { get; init; }

    /// <inheritdoc/>
    public override bool BackwardNeedsOutput => false;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        var x = input;
        Window2d.Positive(this, (nameof(Out), Out));
        return x.Type == ElementType.Float32 && x.Rank is 2 or 3 && x[^1].Size is not null
            ? x.With(x.Rank - 1, Out)
            : throw new ShapeException($"Linear expects float32 [N, C] or [N, T, C] with known C but got {x}; insert {(x.Type == ElementType.Int64 ? "an Embedding, which makes floats of tokens," : "Flatten")} before it.");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input)
    {
        int features = input.Size(input.Rank - 1);
        var init = new UniformInit(1 / Math.Sqrt(features));
        var weight = new Parameter("weight", [Out, features], WeightInit ?? init);
        return Bias ? [weight, new("bias", [Out], init)] : [weight];
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
}
