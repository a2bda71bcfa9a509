using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Rectified linear unit, max(0, x); its subgradient at 0 is 0.</summary>
public sealed record ReLU : Elementwise
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) =>
        state.MayOverwriteInput ? input.relu_() : input.relu();

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Relu", [input]);
}
