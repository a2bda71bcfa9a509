using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>What poolings over sliding windows share.</summary>
/// <param name="Kernel">Side of the window.</param>
/// <param name="Stride">Step of the window; 0 takes the kernel's side.</param>
/// <param name="Padding">Border on each side, at most half the kernel.</param>
public abstract record Pool2d(int Kernel, int Stride, int Padding) : Leaf
{
    /// <summary>Whether a last window that sticks out over the end counts; one that lies in the padding alone never does.</summary>
    public bool Ceil { get; init; }

    /// <summary>The step in force.</summary>
    protected int Step => Stride == 0 ? Kernel : Stride;

    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        var x = Window2d.Image(this, inputs);
        Window2d.Positive(this, (nameof(Kernel), Kernel), (nameof(Stride), Step));
        if (Padding > Kernel / 2)
        {
            throw new ShapeException($"{GetType().Name}.Padding must be at most half the kernel of {Kernel} but is {Padding}.");
        }

        return x.With(2, Length(x.Size(2))).With(3, Length(x.Size(3)));
    }

    /// <inheritdoc/>
    public override Channels Couple(IReadOnlyList<Channels> inputs, IReadOnlyList<Shape> shapes, ChannelGroups groups) => inputs[0];

    private protected (string, object)[] WindowAttributes() =>
    [
        ("kernel_shape", new long[] { Kernel, Kernel }), ("strides", new long[] { Step, Step }),
        ("pads", new long[] { Padding, Padding, Padding, Padding }), ("ceil_mode", Ceil ? 1 : 0),
    ];

    private int Length(int input) => Window2d.Length(this, input, Kernel, Step, Padding, ceil: Ceil);
}
