using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Maximum over a sliding window; with <paramref name="Kernel"/> above <paramref name="Stride"/> the
/// windows overlap (AlexNet).</summary>
/// <param name="Kernel">Side of the window, 1 or more.</param>
/// <param name="Stride">Step of the window; 0 takes the kernel's side.</param>
/// <param name="Padding">Border of −∞ on each side, at most half the kernel.</param>
/// <remarks>[N, C, H, W] → [N, C, H', W'], H' = ⌊(H + 2·Padding − Kernel) / Stride⌋ + 1, or rounded up with
/// <see cref="Pool2d.Ceil"/>. The gradient goes to the maximum only.</remarks>
public sealed record MaxPool2d(int Kernel, int Stride = 0, int Padding = 0) : Pool2d(Kernel, Stride, Padding)
{
    /// <inheritdoc/>
    public override bool BackwardNeedsOutput => false;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state)
    {
        var x = input;
        if (x.device_type != DeviceType.CPU || !x.is_contiguous() || x.shape[0] == 0)
        {
            return nn.functional.max_pool2d(x, [Kernel, Kernel], [Step, Step], [Padding, Padding], ceil_mode: Ceil);
        }

        // torch's own kernel for planes goes value by value and takes half of LeNet-5's step; the one for channels-last
        // images is vectorised over the channels. So that one finds the winners, with every plane of the batch as a
        // channel, and gather takes their values and hands the gradient back to them.
        var (images, channels, height, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        var planes = x.reshape(images * channels, height * width);
        Tensor indices;
        using (no_grad())
        {
            var (_, winners) = nn.functional.max_pool2d_with_indices(
                planes.t().contiguous().reshape(1, height, width, images * channels).permute(0, 3, 1, 2),
                [Kernel, Kernel],
                [Step, Step],
                [Padding, Padding],
                ceil_mode: Ceil);
            (height, width) = (winners.shape[2], winners.shape[3]);
            indices = winners.permute(0, 2, 3, 1).reshape(height * width, images * channels).t().contiguous();
        }

        return planes.gather(1, indices).reshape(images, channels, height, width);
    }

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("MaxPool", [input],
            WindowAttributes(Padding, EndPadding(input.Shape!.Size(2)), EndPadding(input.Shape!.Size(3))));
}
