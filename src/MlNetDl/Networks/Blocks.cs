using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>Building blocks that several architectures share.</summary>
internal static class Blocks
{
    /// <summary>Convolution without bias and batch normalisation, which would cancel the bias.</summary>
    public static Sequential ConvBn(string name, int channels, int kernel, int stride = 1, int padding = 0, double epsilon = 1e-5) => new(
        new Conv2d(channels, kernel, stride, padding)
        {
            Name = "conv",
            Bias = false,
            WeightInit = HeByOutputs,
        },
        new BatchNorm2d(epsilon) { Name = "norm" })
    { Name = name };

    /// <summary>The same with ReLU behind.</summary>
    public static Sequential ConvBnReLU(string name, int channels, int kernel, int stride = 1, int padding = 0, double epsilon = 1e-5) =>
        new Sequential([.. ConvBn(name, channels, kernel, stride, padding, epsilon).Children, new ReLU()]) { Name = name };

    /// <summary>body(x) + shortcut(x), then ReLU: after the addition, not before (He et al. 2015, figure 2).</summary>
    public static Sequential Residual(Layer body, Layer? shortcut) => new(
        new Branches(new Sum(), body with { Name = "body" }, (shortcut ?? new Identity()) with { Name = "shortcut" })
        {
            Name = "",
        },
        new ReLU());

    /// <summary>He's rule by the outputs: batch normalisation sets the scale of the forward pass.</summary>
    public static HeNormalInit HeByOutputs { get; } = new() { Mode = FanMode.Out };

    /// <summary>Refuses images of which the poolings would leave nothing; other inputs are refused by
    /// the first layer.</summary>
    public static void RefuseSmaller(Shape input, int side, string network)
    {
        if (input.Rank == 4 && Math.Min(input.Size(2), input.Size(3)) < side)
        {
            throw new ShapeException($"{network} needs images of {side}×{side} or larger but got {input}; "
                + "use larger images, or an architecture for small ones (leNet5, cifarResNet).");
        }
    }
}
