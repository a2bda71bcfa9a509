using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>(x − mean) / standard deviation for each channel or feature, with fixed numbers: the first layer of
/// a trained pipeline.</summary>
/// <param name="Mean">One mean for all, or one a channel.</param>
/// <param name="StandardDeviation">One for all, or one a channel; greater than 0.</param>
/// <remarks>[N, C, …], over dimension 1. Computed in float32 in any case. It is part of the scoring graph, so that a
/// host need not know the numbers.</remarks>
public sealed record Normalize(ValueList<float> Mean, [property: Above(0)] ValueList<float> StandardDeviation)
    : Elementwise, INarrowsChannels, ICheckedRecord
{
    /// <summary>The name of the layer that standardises features before a network, by their means over the training
    /// data.</summary>
    internal const string Preprocessing = "preprocessing";

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems() => Mean.All(float.IsFinite) ? [] : [new("mean", "must be finite.")];

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        var x = base.OutputShape(input);
        if (x.Rank < 2 || Bad(Mean, x) || Bad(StandardDeviation, x))
        {
            throw new ShapeException($"Normalize has {Mean.Count} means and {StandardDeviation.Count} standard "
                + $"deviations for {x}; give one, or one a channel.");
        }

        return x;
    }

    /// <summary>Yes: raw features keep their digits until they are normalised, as 10,001 and 10,000 are
    /// the same bfloat16.</summary>
    public override bool InFloat32 => true;

    /// <summary>No: a channel that is 0 becomes −mean / standard deviation.</summary>
    public override bool CutEqualsMask => false;

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) => IsOfChannels(inputs[0])
        ? [.. new[] { ("mean", Mean), ("scale", StandardDeviation) }
            .Where(p => p.Item2.Count > 1).Select(p => ChannelAxis.Along(p.Item1, 0, p.Item2.Count))]
        : [];

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut) => IsOfChannels(cut.Shapes[0])
        ? this with { Mean = cut.Of(Mean), StandardDeviation = cut.Of(StandardDeviation) }
        : this;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input) =>
    [
        new("mean", Dims(Mean, input), new FixedInit(Mean)) { Trainable = false },
        new("scale", Dims(StandardDeviation, input), new FixedInit(StandardDeviation.Select(s => 1 / s).ToValueList()))
        {
            Trainable = false,
        },
    ];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) =>
        (input - state.AsFloat32("mean")) * state.AsFloat32("scale");

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Mul", [graph.Add("Sub", [input, weights["mean"]]), weights["scale"]]);

    // In a sequence [N, T, C] the numbers are of places, not of channels.
    private static bool IsOfChannels(Shape shape) => ChannelGroups.DimensionOf(shape) == 1;

    private static bool Bad(ValueList<float> values, Shape x) => values.Count != 1 && values.Count != x.Dims[1].Size;

    private static ValueList<long> Dims(ValueList<float> values, Shape x) => [values.Count, .. Enumerable.Repeat(1L, x.Rank - 2)];
}
