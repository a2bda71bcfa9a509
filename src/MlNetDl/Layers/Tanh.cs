using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Hyperbolic tangent.</summary>
public sealed record Tanh : Elementwise
{
    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => tanh(inputs[0]);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) => graph.Add("Tanh", inputs);
}
