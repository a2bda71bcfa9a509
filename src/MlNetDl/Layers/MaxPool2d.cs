using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Maximum over a sliding window; with Kernel above Stride the windows overlap (AlexNet).</summary>
/// <param name="Kernel">Side of the window.</param>
/// <param name="Stride">Step of the window; 0 takes the kernel's side.</param>
/// <param name="Padding">Border of −∞ on each side, at most half the kernel.</param>
/// <remarks>[N, C, H, W] → [N, C, H', W'], H' = ⌊(H + 2·Padding − Kernel) / Stride⌋ + 1, or rounded up with <see cref="Pool2d.Ceil"/>. The gradient goes to the maximum only.</remarks>
public sealed record MaxPool2d(int Kernel, int Stride = 0, int Padding = 0) : Pool2d(Kernel, Stride, Padding)
{
    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) =>
        nn.functional.max_pool2d(inputs[0], [Kernel, Kernel], [Step, Step], [Padding, Padding], ceil_mode: Ceil);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("MaxPool", inputs, WindowAttributes());
}
