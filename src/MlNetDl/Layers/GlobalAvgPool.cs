using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Mean of each channel over the whole image, [N, C, H, W] → [N, C, 1, 1] (Lin et al. 2013, arXiv:1312.4400);
/// any image size fits.</summary>
public sealed record GlobalAvgPool : GlobalPool
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => nn.functional.adaptive_avg_pool2d(input, [1, 1]);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("GlobalAveragePool", [input]);
}
