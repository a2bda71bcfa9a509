using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>A vector for each token: rows of a table looked up by index.</summary>
/// <param name="Tokens">Rows of the table; indices are 0 to <paramref name="Tokens"/> − 1.</param>
/// <param name="Size">Length of a vector.</param>
/// <remarks>int64 [N, T] → float32 [N, T, Size]. Weight [Tokens, Size], normal with deviation 1 as in PyTorch.</remarks>
public sealed record Embedding(int Tokens, int Size) : Leaf
{
    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        Window2d.Positive(this, (nameof(Tokens), Tokens), (nameof(Size), Size));
        return inputs[0] is { Type: ElementType.Int64, Rank: 2 } x
            ? new(ElementType.Float32, [.. x.Dims, Size])
            : throw new ShapeException($"Embedding expects token indices int64 [N, T] but got {inputs[0]}.");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(IReadOnlyList<Shape> inputs) => [new("weight", [Tokens, Size], new NormalInit(1))];

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) =>
        state["weight"].index_select(0, inputs[0].flatten()).reshape(inputs[0].shape[0], inputs[0].shape[1], Size);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Gather", [weights["weight"], inputs[0]], ("axis", 0));

    /// <inheritdoc/>
    public override Channels Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) => groups.Fresh(Size);
}
