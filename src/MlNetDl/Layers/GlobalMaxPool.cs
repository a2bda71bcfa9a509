using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Maximum of each channel over the whole image, [N, C, H, W] → [N, C, 1, 1].</summary>
public sealed record GlobalMaxPool : GlobalPool
{
    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => nn.functional.adaptive_max_pool2d(inputs[0], [1, 1]);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) => graph.Add("GlobalMaxPool", inputs);
}
