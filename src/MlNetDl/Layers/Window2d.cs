using MlNetDl.Layers.Contracts;

namespace MlNetDl.Layers;

/// <summary>The arithmetic that convolutions and poolings share.</summary>
internal static class Window2d
{
    /// <summary>The input, checked to be float32 [N, C, H, W] with known C, H and W.</summary>
    public static Shape Image(Leaf leaf, Shape x)
    {
        if (x is not { Rank: 4, Type: ElementType.Float32 } || !x.Dims.Skip(1).All(d => d.Size is not null))
        {
            throw new ShapeException($"{leaf.GetType().Name} expects float32 images [N, C, H, W] of known size but got "
                + $"{x}; give the network an image input, and put image layers before Flatten.");
        }

        return x;
    }

    /// <summary>Positions of a window along one axis: ⌊(n + 2p − d(k − 1) − 1) / s⌋ + 1, or with
    /// <paramref name="ceil"/> ⌈…⌉ without windows that start in the padding.</summary>
    public static int Length(Leaf leaf, int input, int kernel, int stride, int padding, int dilation = 1, bool ceil = false)
    {
        int span = input + (2 * padding) - (dilation * (kernel - 1)) - 1;
        if (span < 0)
        {
            throw new ShapeException($"{leaf.GetType().Name} with kernel {kernel}, dilation {dilation} and padding {padding} is larger "
                + $"than its input of {input}; use a larger input, a smaller kernel or more padding.");
        }

        int length = ((span + (ceil ? stride - 1 : 0)) / stride) + 1;
        return ceil && (length - 1) * stride >= input + padding ? length - 1 : length;
    }
}
