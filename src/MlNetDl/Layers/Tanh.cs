using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Hyperbolic tangent.</summary>
public sealed record Tanh : Elementwise
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => tanh(input);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Tanh", [input]);
}
