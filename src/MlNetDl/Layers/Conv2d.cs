using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>How the border of an image is treated by a convolution.</summary>
public enum PaddingMode
{
    /// <summary><see cref="Conv2d.Padding"/> zeros on each side; 0 is what TensorFlow calls "valid".</summary>
    Explicit,

    /// <summary>Zeros so that the output is ⌈input / stride⌉, extra ones at the end (TensorFlow's SAME, ONNX's
    /// SAME_UPPER): asymmetric with stride or even kernels.</summary>
    Same,
}

/// <summary>2-D convolution; as everywhere in the field a cross-correlation, the kernel is not flipped.</summary>
/// <param name="Out">Output channels.</param>
/// <param name="Kernel">Side of the square kernel.</param>
/// <param name="Stride">Step of the window.</param>
/// <param name="Padding">Zeros on each side, with <see cref="PaddingMode.Explicit"/>.</param>
/// <remarks>[N, C, H, W] → [N, Out, H', W'], H' = ⌊(H + 2·Padding − Dilation·(Kernel − 1) − 1) / Stride⌋ + 1. Weight
/// [Out, C/Groups, Kernel, Kernel].</remarks>
public sealed record Conv2d(
    [property: AtLeast(1)] int Out,
    [property: AtLeast(1)] int Kernel,
    [property: AtLeast(1)] int Stride = 1,
    [property: AtLeast(0)] int Padding = 0) : UnaryLeaf, ICouplesOneValue, INarrowsChannels, ICheckedRecord
{
    /// <summary>Distance between the kernel's elements; the effective side is
    /// <see cref="Dilation"/>·(<see cref="Kernel"/> − 1) + 1 (Yu and Koltun 2015, arXiv:1511.07122).</summary>
    [AtLeast(1)]
    public int Dilation { get; init; } = 1;

    /// <summary>Channels are split in this many groups that do not see each other; the number of input channels
    /// makes it depthwise.</summary>
    [AtLeast(1)]
    public int Groups { get; init; } = 1;

    /// <summary>Whether a bias is added. Leave it out before batch normalisation, which cancels it.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>How the border is treated.</summary>
    public PaddingMode PaddingMode { get; init; }

    /// <summary>How the kernel is filled; uniform on ±1/√fan-in, PyTorch's default, unless given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? WeightInit { get; init; }

    /// <summary>How the bias is filled; uniform on ±1/√fan-in of the weight, PyTorch's default, unless given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Initializer? BiasInit { get; init; }

    /// <inheritdoc/>
    public override bool BackwardNeedsOutput => false;

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems() => Groups > 0 && Out % Groups != 0
        ? [new("out", $"must be a multiple of the {Groups} groups but is {Out}."), .. BiasProblem.Of(Bias, BiasInit)]
        : BiasProblem.Of(Bias, BiasInit);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        var x = Window2d.Image(this, input);
        if (x.Size(1) % Groups != 0)
        {
            throw new ShapeException($"Conv2d with {Groups} groups needs input channels that are a multiple of it, "
                + $"but they are {x.Size(1)}.");
        }

        return x.With(1, Out).With(2, Length(x.Size(2))).With(3, Length(x.Size(3)));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters(Shape input)
    {
        var weight = new Parameter("weight", [Out, input.Size(1) / Groups, Kernel, Kernel], WeightInit ?? new FanInUniformInit());
        return Bias ? [weight, weight.Bias(Out, BiasInit ?? new FanInUniformInit())] : [weight];
    }

    /// <inheritdoc/>
    public override long Macs(Shape input) =>
        OutputShape(input).ElementsPerExample() * (input.Size(1) / Groups) * Kernel * Kernel;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state)
    {
        var x = input;
        int padding = Padding;
        if (PaddingMode == PaddingMode.Same)
        {
            var (top, bottom) = SamePadding((int)x.shape[2]);
            var (left, right) = SamePadding((int)x.shape[3]);
            padding = 0;
            if (top == bottom && left == right && top == left)
            {
                padding = top;
            }
            else
            {
                x = nn.functional.pad(x, [left, right, top, bottom]);
            }
        }

        if (x.device_type == DeviceType.CPU && x.dtype == ScalarType.BFloat16)
        {
            // oneDNN's bfloat16 kernels are up to a fifth faster on channels-last images, but lose a third where the
            // kernel's weights outweigh the image. A ResNet-18 step: 0.9 of the time.
            x = Out >= 32 && 2 * x.shape[2] * x.shape[3] >= Out ? x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : x.contiguous();
        }

        return nn.functional.conv2d(
            x,
            state["weight"],
            Bias ? state["bias"] : null,
            [Stride, Stride],
            [padding, padding],
            [Dilation, Dilation],
            Groups);
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var x = input.Shape!;
        var (top, bottom) = PaddingMode == PaddingMode.Same ? SamePadding(x.Size(2)) : (Padding, Padding);
        var (left, right) = PaddingMode == PaddingMode.Same ? SamePadding(x.Size(3)) : (Padding, Padding);
        return graph.Add(
            "Conv",
            [input, weights["weight"], weights.GetValueOrDefault("bias")],
            ("kernel_shape", new long[] { Kernel, Kernel }),
            ("strides", new long[] { Stride, Stride }),
            ("pads", new long[] { top, left, bottom, right }),
            ("dilations", new long[] { Dilation, Dilation }),
            ("group", Groups));
    }

    /// <summary>Without groups its outputs are channels of their own. A depthwise convolution's outputs go with their
    /// input. In other groups, the channels at one place of every group go together, so that groups stay equal.</summary>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups)
    {
        int channels = input.Groups.Count;
        if (Groups == 1)
        {
            return groups.Fresh(Out);
        }

        if (Groups == channels)
        {
            return new(input.Groups.SelectMany(g => Enumerable.Repeat(g, Out / Groups)).ToValueList());
        }

        var parts = input.Groups.Chunk(channels / Groups).Select(part => new Channels(part.ToValueList())).ToList();
        foreach (var part in parts)
        {
            groups.Unite(parts[0], part);
        }

        var made = groups.Fresh(Out / Groups);
        return new(Enumerable.Repeat(made.Groups, Groups).SelectMany(g => g).ToValueList());
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) =>
        [.. Parameters(inputs).Select(p => ChannelAxis.Along(p.Name, 0, Out))];

    /// <summary>The kernel's second dimension: the channel, or its place in the group. A depthwise kernel has none.</summary>
    public IReadOnlyList<ChannelAxis> InputAxes(IReadOnlyList<Shape> inputs)
    {
        int channels = inputs[0].Size(1);
        return Groups > 1 && Groups == channels ? [] : [ChannelAxis.Along("weight", 1, channels / Groups)];
    }

    /// <inheritdoc/>
    public Leaf Narrow(ChannelCut cut) => this with
    {
        Out = cut.Out,
        Groups = Groups > 1 && Groups == cut.Shapes[0].Size(1) ? cut.In : Groups,
        WeightInit = ChannelCut.Of(WeightInit),
        BiasInit = ChannelCut.Of(BiasInit),
    };

    private int Length(int input) => PaddingMode == PaddingMode.Same
        ? (input + Stride - 1) / Stride
        : Window2d.Length(this, input, Kernel, Stride, Padding, Dilation);

    private (int Before, int After) SamePadding(int input)
    {
        int total = Math.Max(0, ((Length(input) - 1) * Stride) + (Dilation * (Kernel - 1)) + 1 - input);
        return (total / 2, total - (total / 2));
    }
}
