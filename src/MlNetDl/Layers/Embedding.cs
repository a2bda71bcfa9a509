using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>A vector for each token: rows of a table looked up by index.</summary>
/// <param name="Tokens">Rows of the table; indices are 0 to <paramref name="Tokens"/> − 1.</param>
/// <param name="Size">Length of a vector.</param>
/// <remarks>
/// int64 [N, T] → float32 [N, T, Size]. Weight [Tokens, Size]: that of a <c>Linear</c> of <paramref name="Tokens"/>
/// outputs without bias, so that <see cref="Shared"/> can tie the two (Press and Wolf 2016, arXiv:1608.05859). Indices
/// beyond the table are an error of torch and of ONNX Runtime.
/// </remarks>
public sealed record Embedding([property: AtLeast(1)] int Tokens, [property: AtLeast(1)] int Size)
    : UnaryLeaf, ICouplesOneValue, INarrowsChannels, ICheckedRecord
{
    /// <summary>How the table is filled; normal with deviation 1 as in PyTorch, unless given. Transformers that
    /// multiply by √<see cref="Size"/> take a deviation of 1/√<see cref="Size"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? WeightInit { get; init; }

    /// <summary>The token that fills sequences up: its vector is 0 and it gets no gradient, whatever the table holds.
    /// None by default.</summary>
    [AtLeast(0), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PaddingIndex { get; init; }

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems() => PaddingIndex is { } index && index >= Tokens
        ? [new("paddingIndex", $"must be below {Tokens}, as there are {Tokens} tokens, but is {index}.")]
        : [];

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input is not { Type: ElementType.Int64, Rank: 2 })
        {
            throw new ShapeException($"Embedding expects token indices int64 [N, T] but got {input}.");
        }

        return new(ElementType.Float32, [.. input.Dims, Size]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input) =>
        [new("weight", [Tokens, Size], WeightInit ?? new NormalInit(1))];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state)
    {
        var vectors = Rows(state["weight"], input.flatten()).reshape(input.shape[0], input.shape[1], Size);
        return PaddingIndex is { } index ? vectors * input.Ne(index).unsqueeze(-1).to(vectors.dtype) : vectors;
    }

    // Looked at only once torch has refused: to look first would wait for a device at each pass.
    private Tensor Rows(Tensor table, Tensor tokens)
    {
        try
        {
            return table.index_select(0, tokens);
        }
        catch (ExternalException e) when (Wrong(tokens) is { } token)
        {
            throw new InvalidOperationException(Beyond(token), e);
        }
    }

    // Torch may have failed for another reason, and may be unable to say anything more.
    private long? Wrong(Tensor tokens)
    {
        try
        {
            long least = tokens.min().item<long>(), greatest = tokens.max().item<long>();
            return least < 0 ? least : greatest >= Tokens ? greatest : null;
        }
        catch (ExternalException)
        {
            return null;
        }
    }

    /// <summary>The message for a token that has no row.</summary>
    internal string Beyond(long token) => $"Embedding has rows for the tokens 0 to {Tokens - 1}, but got {token}; "
        + (token < 0 ? "count tokens from 0." : "let Tokens be greater than the greatest token, or give rare ones a token in common.");

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var vectors = graph.Add("Gather", [weights["weight"], input], ("axis", 0));
        if (PaddingIndex is not { } index)
        {
            return vectors;
        }

        const int Float = 1; // ONNX's number of float32
        var isToken = graph.Add("Not", [graph.Add("Equal", [input, graph.Constant("padding", new long[] { index }, scalar: true)])]);
        var factor = graph.Add("Unsqueeze", [graph.Add("Cast", [isToken], ("to", Float)), graph.Constant("axis", new long[] { -1 })]);
        return graph.Add("Mul", [vectors, factor]);
    }

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => groups.Fresh(Size);

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) => [ChannelAxis.Along("weight", 1, Size)];

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut) => this with { Size = cut.Out, WeightInit = ChannelCut.Of(WeightInit) };
}
