using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>x · standard deviation + mean for each feature, with fixed numbers: the last layer of a regression whose
/// targets were standardised for training.</summary>
/// <param name="Mean">One mean for all, or one a feature.</param>
/// <param name="StandardDeviation">One for all, or one a feature.</param>
/// <remarks>[N, K].</remarks>
public sealed record Denormalize(ValueList<float> Mean, ValueList<float> StandardDeviation)
    : Elementwise, INarrowsChannels, ICheckedRecord
{
    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems() =>
        new[] { ("mean", Mean), ("standardDeviation", StandardDeviation) }
            .Where(m => !m.Item2.All(float.IsFinite)).Select(m => new RecordProblem(m.Item1, "must be finite."));

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        var x = base.OutputShape(input);
        if (x.Rank != 2 || !new[] { Mean.Count, StandardDeviation.Count }.All(n => n == 1 || n == x.Dims[1].Size))
        {
            throw new ShapeException($"Denormalize has {Mean.Count} means and {StandardDeviation.Count} standard "
                + $"deviations for {x}; give one, or one a feature.");
        }

        return x;
    }

    /// <summary>No: a feature that is 0 becomes the mean.</summary>
    public override bool CutEqualsMask => false;

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) =>
        [.. new[] { ("mean", Mean), ("scale", StandardDeviation) }
            .Where(p => p.Item2.Count > 1).Select(p => ChannelAxis.Along(p.Item1, 0, p.Item2.Count))];

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut) => this with { Mean = cut.Of(Mean), StandardDeviation = cut.Of(StandardDeviation) };

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input) =>
    [
        new("mean", [Mean.Count], new FixedInit(Mean)) { Trainable = false },
        new("scale", [StandardDeviation.Count], new FixedInit(StandardDeviation)) { Trainable = false },
    ];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => (input * state["scale"]).Add(state["mean"]);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Add", [graph.Add("Mul", [input, weights["scale"]]), weights["mean"]]);
}
