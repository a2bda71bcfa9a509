using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Rectified linear unit, max(0, x); its subgradient at 0 is 0.</summary>
public sealed record ReLU : Elementwise
{
    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => state.MayOverwriteInput ? inputs[0].relu_() : inputs[0].relu();

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) => graph.Add("Relu", inputs);
}
