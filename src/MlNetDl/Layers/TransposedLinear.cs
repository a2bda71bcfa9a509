using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>A fully connected layer by the transposed weight and without bias, y = x·W: shared with a <see cref="Linear"/> of
/// <paramref name="Out"/> inputs, it goes the way back with the same weights, as in an autoencoder with tied weights (Vincent et al. 2010,
/// section 2.2).</summary>
/// <param name="Out">Output features.</param>
/// <remarks>[N, C] → [N, Out]. Weight [C, Out], as that of a linear layer from Out to C.</remarks>
public sealed record TransposedLinear([property: AtLeast(1)] int Out) : UnaryLeaf, ICouplesOneValue, INarrowsChannels
{
    /// <summary>How the weight is filled where it is not shared with an earlier layer; uniform on ±1/√fan-in unless given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? WeightInit { get; init; }

    /// <inheritdoc/>
    public override bool BackwardNeedsOutput => false;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Type != ElementType.Float32 || input.Rank != 2 || input[1].Size is null)
        {
            throw new ShapeException($"TransposedLinear expects float32 [N, C] with known C but got {input}; insert Flatten before it.");
        }

        return input.With(1, Out);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input)
    {
        return [new("weight", [input.Size(1), Out], WeightInit ?? new FanInUniformInit())];
    }

    /// <inheritdoc/>
    public override long Macs(Shape input) => (long)Out * input.Size(1);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => nn.functional.linear(input, state["weight"].t());

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Gemm", [input, weights["weight"]]);

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => groups.Fresh(Out);

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) => [ChannelAxis.Along("weight", 1, Out)];

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> InputAxes(IReadOnlyList<Shape> inputs) => [ChannelAxis.Along("weight", 0, inputs[0].Size(1))];

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut) => this with { Out = cut.Out, WeightInit = ChannelCut.Of(WeightInit) };
}
