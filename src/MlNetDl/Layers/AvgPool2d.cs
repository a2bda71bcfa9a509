using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Mean over a sliding window.</summary>
/// <param name="Kernel">Side of the window, 1 or more.</param>
/// <param name="Stride">Step of the window; 0 takes the kernel's side.</param>
/// <param name="Padding">Border of zeros on each side, at most half the kernel.</param>
/// <remarks>[N, C, H, W] → [N, C, H', W'], H' = ⌊(H + 2·Padding − Kernel) / Stride⌋ + 1, or rounded
/// up with <see cref="Pool2d.Ceil"/>.</remarks>
public sealed record AvgPool2d(int Kernel, int Stride = 0, int Padding = 0) : Pool2d(Kernel, Stride, Padding)
{
    /// <summary>Whether padded zeros count in the mean: yes as in PyTorch. ONNX's own default is no, a known
    /// trap of exporters.</summary>
    public bool CountIncludePad { get; init; } = true;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => nn.functional.avg_pool2d(
        input, [Kernel, Kernel], [Step, Step], [Padding, Padding], ceil_mode: Ceil, count_include_pad: CountIncludePad);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        int bottom = EndPadding(input.Shape!.Size(2)), right = EndPadding(input.Shape!.Size(3));
        if (!Ceil || !CountIncludePad)
        {
            return graph.Add(
                "AveragePool",
                [input],
                [.. WindowAttributes(Padding, bottom, right), ("count_include_pad", CountIncludePad ? 1 : 0)]);
        }

        // torch divides by the cells inside the padded input, and not by what sticks out over it: the border becomes
        // part of the input, and only what is inside counts.
        var padded = Padding == 0 ? input : graph.Add("Pad",
            [input, graph.Constant("pads", new long[] { 0, 0, Padding, Padding, 0, 0, Padding, Padding })]);
        return graph.Add("AveragePool", [padded],
            [.. WindowAttributes(0, Math.Max(0, bottom - Padding), Math.Max(0, right - Padding)), ("count_include_pad", 0)]);
    }
}
