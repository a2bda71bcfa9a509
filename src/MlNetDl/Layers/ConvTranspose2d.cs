using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>2-D transposed convolution: each input value spreads a kernel over the output, which grows by the stride (Zeiler et al. 2010; the
/// gradient of a convolution, not its inverse).</summary>
/// <param name="Out">Output channels.</param>
/// <param name="Kernel">Side of the square kernel.</param>
/// <param name="Stride">How many times the output is larger.</param>
/// <param name="Padding">What is cut off on each side of the output.</param>
/// <remarks>[N, C, H, W] → [N, Out, H', W'], H' = (H − 1)·Stride − 2·Padding + Kernel + OutputPadding. Weight [C, Out, Kernel, Kernel]: inputs
/// first, unlike a convolution's. With a kernel that is no multiple of the stride, outputs get unlike numbers of summands, which shows as a
/// checkerboard (Odena et al. 2016): take 4 and 2.</remarks>
public sealed record ConvTranspose2d(
    [property: AtLeast(1)] int Out,
    [property: AtLeast(1)] int Kernel,
    [property: AtLeast(1)] int Stride = 1,
    [property: AtLeast(0)] int Padding = 0) : UnaryLeaf, ICouplesOneValue, INarrowsChannels, ICheckedRecord
{
    /// <summary>Rows and columns more at the end of the output, below <see cref="Stride"/>; 0 by default. Several input sizes of a
    /// convolution give one output size: this says which.</summary>
    [AtLeast(0)]
    public int OutputPadding { get; init; }

    /// <summary>Whether a bias is added. Leave it out before batch normalisation, which cancels it.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>How the kernel is filled; uniform on ±1/√n unless given, with n the inputs times the places of the kernel. PyTorch counts outputs for
    /// inputs here, since these stand second in the weight.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? WeightInit { get; init; }

    /// <summary>How the bias is filled; as the kernel unless given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? BiasInit { get; init; }

    /// <inheritdoc/>
    public override bool BackwardNeedsOutput => false;

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems() => OutputPadding >= Stride
        ? [new("outputPadding", $"must be below the stride of {Stride} but is {OutputPadding}."), .. BiasProblem.Of(Bias, BiasInit)]
        : BiasProblem.Of(Bias, BiasInit);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        var x = Window2d.Image(this, input);
        int Length(int side)
        {
            int length = ((side - 1) * Stride) - (2 * Padding) + Kernel + OutputPadding;
            if (length < 1)
            {
                throw new ShapeException($"ConvTranspose2d with a kernel of {Kernel}, a stride of {Stride} and padding of {Padding} leaves nothing of {x}.");
            }

            return length;
        }

        return x.With(1, Out).With(2, Length(x.Size(2))).With(3, Length(x.Size(3)));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input)
    {
        int channels = input.Size(1);
        double bound = 1 / Math.Sqrt((double)channels * Kernel * Kernel);
        var weight = new Parameter("weight", [channels, Out, Kernel, Kernel], WeightInit ?? new UniformInit(bound));
        return Bias ? [weight, new("bias", [Out], BiasInit ?? new UniformInit(bound))] : [weight];
    }

    /// <inheritdoc/>
    public override long Macs(Shape input)
    {
        return input.ElementsPerExample() * Out * Kernel * Kernel;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state)
    {
        return nn.functional.conv_transpose2d(
            input,
            state["weight"],
            Bias ? state["bias"] : null,
            strides: [Stride, Stride],
            padding: [Padding, Padding],
            output_padding: [OutputPadding, OutputPadding]);
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        return graph.Add(
            "ConvTranspose",
            [input, weights["weight"], weights.GetValueOrDefault("bias")],
            ("kernel_shape", new long[] { Kernel, Kernel }),
            ("strides", new long[] { Stride, Stride }),
            ("pads", new long[] { Padding, Padding, Padding, Padding }),
            ("output_padding", new long[] { OutputPadding, OutputPadding }));
    }

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => groups.Fresh(Out);

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) => Bias
        ? [ChannelAxis.Along("weight", 1, Out), ChannelAxis.Along("bias", 0, Out)]
        : [ChannelAxis.Along("weight", 1, Out)];

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> InputAxes(IReadOnlyList<Shape> inputs) => [ChannelAxis.Along("weight", 0, inputs[0].Size(1))];

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut) => this with
    {
        Out = cut.Out,
        WeightInit = ChannelCut.Of(WeightInit),
        BiasInit = ChannelCut.Of(BiasInit),
    };
}
