using System.Text.Json.Serialization;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Adds a learned number to each feature: what a <see cref="Linear"/> without bias leaves out. For layers that share a weight but not a
/// bias.</summary>
/// <remarks>[N, C] → [N, C].</remarks>
public sealed record Bias : UnaryLeaf, ICouplesOneValue, INarrowsChannels
{
    /// <summary>How it is filled; zeros unless given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? Init { get; init; }

    /// <inheritdoc/>
    public override bool BackwardNeedsOutput => false;

    /// <inheritdoc/>
    public bool CutEqualsMask => false;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        return input is { Type: ElementType.Float32, Rank: 2 } && input[1].Size is not null
            ? input
            : throw new ShapeException($"Bias expects float32 [N, C] with known C but got {input}; insert Flatten before it.");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input) => [new("bias", [input.Size(1)], Init ?? new ConstantInit(0))];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => input.Add(state["bias"]);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Add", [input, weights["bias"]]);

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => input;

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return [ChannelAxis.Along("bias", 0, inputs[0].Size(1))];
    }

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut) => this with { Init = ChannelCut.Of(Init) };
}
