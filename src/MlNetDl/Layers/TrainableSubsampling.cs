using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Sub-sampling as LeNet-5 has it (LeCun et al. 1998, layer S2): the sum of each window times one trainable
/// coefficient a map, plus one trainable bias a map.</summary>
/// <param name="Kernel">Side of the window, and its step.</param>
/// <remarks>[N, C, H, W] → [N, C, ⌊H / Kernel⌋, ⌊W / Kernel⌋]; 2·C weights.</remarks>
public sealed record TrainableSubsampling([property: AtLeast(1)] int Kernel = 2) : UnaryLeaf, ICouplesOneValue, INarrowsChannels
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        var x = Window2d.Image(this, input);
        return x.With(2, Window2d.Length(this, x.Size(2), Kernel, Kernel, 0)).With(3, Window2d.Length(this, x.Size(3), Kernel, Kernel, 0));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input) =>
    [
        // A window's mean to start with. One scale and one bias a map, whatever their dimensions: they do not decay.
        new("coefficient", [input.Size(1), 1, 1], new ConstantInit(1.0 / (Kernel * Kernel))) { Decays = false },
        new("bias", [input.Size(1), 1, 1], new ConstantInit(0)) { Decays = false },
    ];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) =>
        (nn.functional.avg_pool2d(input, [Kernel, Kernel]) * state["coefficient"].Mul(Kernel * Kernel)).Add(state["bias"]);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var mean = graph.Add(
            "AveragePool",
            [input],
            ("kernel_shape", new long[] { Kernel, Kernel }),
            ("strides", new long[] { Kernel, Kernel }));
        var count = graph.Constant("count", new float[] { Kernel * Kernel }, scalar: true);
        return graph.Add("Add", [graph.Add("Mul", [mean, graph.Add("Mul", [weights["coefficient"], count])]), weights["bias"]]);
    }

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => input;

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) =>
        [.. Parameters(inputs).Select(p => ChannelAxis.Along(p.Name, 0, inputs[0].Size(1)))];
}
