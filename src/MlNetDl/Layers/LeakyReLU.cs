using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Leaky rectified linear unit: x above 0, <paramref name="Slope"/>·x below and at 0.</summary>
/// <param name="Slope">Slope for negative values; 0.01 as in PyTorch, 0.1 in YOLO.</param>
public sealed record LeakyReLU(double Slope = 0.01) : Elementwise
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => input.LeakyRelu(Slope);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("LeakyRelu", [input], ("alpha", Slope));
}
