using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Maximum of each channel over the whole image, [N, C, H, W] → [N, C, 1, 1].</summary>
public sealed record GlobalMaxPool : GlobalPool
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => nn.functional.adaptive_max_pool2d(input, [1, 1]);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("GlobalMaxPool", [input]);
}
