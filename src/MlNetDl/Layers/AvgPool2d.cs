using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Mean over a sliding window.</summary>
/// <param name="Kernel">Side of the window.</param>
/// <param name="Stride">Step of the window; 0 takes the kernel's side.</param>
/// <param name="Padding">Border of zeros on each side, at most half the kernel.</param>
/// <remarks>[N, C, H, W] → [N, C, H', W'], H' = ⌊(H + 2·Padding − Kernel) / Stride⌋ + 1, or rounded up with <see cref="Pool2d.Ceil"/>.</remarks>
public sealed record AvgPool2d(int Kernel, int Stride = 0, int Padding = 0) : Pool2d(Kernel, Stride, Padding)
{
    /// <summary>Whether padded zeros count in the mean: yes as in PyTorch. ONNX's own default is no, a known trap of exporters.</summary>
    public bool CountIncludePad { get; init; } = true;

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) =>
        nn.functional.avg_pool2d(inputs[0], [Kernel, Kernel], [Step, Step], [Padding, Padding], ceil_mode: Ceil, count_include_pad: CountIncludePad);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("AveragePool", inputs, [.. WindowAttributes(), ("count_include_pad", CountIncludePad ? 1 : 0)]);
}
