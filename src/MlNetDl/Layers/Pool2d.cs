using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>The base of poolings over sliding windows.</summary>
/// <param name="Kernel">Side of the window, 1 or more.</param>
/// <param name="Stride">Step of the window; 0 takes the kernel's side.</param>
/// <param name="Padding">Border on each side, at most half the kernel.</param>
public abstract record Pool2d(
    [property: AtLeast(1)] int Kernel, [property: AtLeast(0)] int Stride, [property: AtLeast(0)] int Padding)
    : UnaryLeaf, ICouplesOneValue, ICheckedRecord
{
    /// <summary>Whether a last window that sticks out over the end counts; one that lies in the padding
    /// alone never does.</summary>
    public bool Ceil { get; init; }

    /// <summary>The step in force.</summary>
    protected int Step => Stride == 0 ? Kernel : Stride;

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems() => Padding > Kernel / 2
        ? [new("padding", $"must be at most half the kernel of {Kernel} but is {Padding}.")]
        : [];

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        var x = Window2d.Image(this, input);
        return x.With(2, Length(x.Size(2))).With(3, Length(x.Size(3)));
    }

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => input;

    // ONNX's own ceil_mode is left alone: its shape rule counts windows that start beyond the input, which torch leaves
    // out, and ONNX Runtime then refuses the model.
    private protected (string, object)[] WindowAttributes(int before, int bottom, int right) =>
    [
        ("kernel_shape", new long[] { Kernel, Kernel }), ("strides", new long[] { Step, Step }),
        ("pads", new long[] { before, before, bottom, right }), ("ceil_mode", 0),
    ];

    /// <summary>The border behind the input with which rounding down gives as many windows as <see cref="Ceil"/> asks
    /// for: up to the end of the last window.</summary>
    private protected int EndPadding(int input) => Ceil ? Math.Max(0, ((Length(input) - 1) * Step) + Kernel - input - Padding) : Padding;

    private int Length(int input) => Window2d.Length(this, input, Kernel, Step, Padding, ceil: Ceil);
}
