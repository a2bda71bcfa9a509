using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Batch normalisation of each channel (Ioffe and Szegedy 2015, arXiv:1502.03167): y = γ·(x − μ) / √(σ² +
/// ε) + β.</summary>
/// <param name="Epsilon">ε, greater than 0; 1e-5 as in PyTorch, 1e-3 in Inception networks.</param>
/// <remarks>
/// [N, C, H, W] or [N, C]. While training, μ and σ² are the batch's (biased variance) and the running ones move towards
/// them by <see cref="Momentum"/> (there with the unbiased variance); otherwise the running ones are used. A batch with
/// one value a channel (one vector, or one image of 1×1) has no variance: it is normalised by the running statistics
/// and leaves them as they are; libtorch itself would write NaN into them. Weights and statistics stay float32 also
/// when activations are bfloat16.
/// </remarks>
public sealed record BatchNorm2d([property: Above(0)] double Epsilon = 1e-5) : UnaryLeaf, ICouplesOneValue, INarrowsChannels
{
    /// <summary>Share of the batch's statistics in the running ones, 0 to 1; 0.1.</summary>
    [AtLeast(0), AtMost(1)]
    public double Momentum { get; init; } = 0.1;

    /// <summary>Start value of γ, 1 by default; 0 for the last normalisation of a residual branch makes the block start
    /// as the identity.</summary>
    public double InitialScale { get; init; } = 1;

    /// <inheritdoc/>
    public override bool BackwardNeedsOutput => false;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input is not { Rank: 2 or 4, Type: ElementType.Float32 } x)
        {
            throw new ShapeException($"BatchNorm2d expects float32 [N, C, H, W] or [N, C] but got {input}.");
        }

        return x;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input)
    {
        int channels = input.Size(1);
        return
        [
            new("weight", [channels], new ConstantInit(InitialScale)),
            new("bias", [channels], new ConstantInit(0)),
            new("runningMean", [channels], new ConstantInit(0)) { Trainable = false },
            new("runningVariance", [channels], new ConstantInit(1)) { Trainable = false },
        ];
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => nn.functional.batch_norm(
        input, state.Weights["runningMean"], state.Weights["runningVariance"], state.AsFloat32("weight"), state.AsFloat32("bias"),
        state.Training && HasVariance(input), Momentum, Epsilon);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(
        OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add(
            "BatchNormalization",
            [input, weights["weight"], weights["bias"], weights["runningMean"], weights["runningVariance"]],
            ("epsilon", Epsilon));

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => input;

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) =>
        [.. Parameters(inputs).Select(p => ChannelAxis.Along(p.Name, 0, inputs[0].Size(1)))];

    private static bool HasVariance(Tensor x) => x.numel() > x.size(1);
}
