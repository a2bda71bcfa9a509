using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>A·tanh(S·x), the activation of LeNet-5 (LeCun et al. 1998, appendix A): with its constants f(±1) = ±1,
/// where the curvature is largest.</summary>
public sealed record ScaledTanh : Elementwise
{
    /// <summary>Amplitude A, 1.7159.</summary>
    public double Amplitude { get; init; } = 1.7159;

    /// <summary>Slope S at the origin, 2/3.</summary>
    public double Slope { get; init; } = 2.0 / 3.0;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => input.Mul(Slope).tanh().Mul(Amplitude);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights)
    {
        var inner = graph.Add("Mul", [input, graph.Constant("slope", new[] { (float)Slope }, scalar: true)]);
        return graph.Add("Mul", [graph.Add("Tanh", [inner]), graph.Constant("amplitude", new[] { (float)Amplitude }, scalar: true)]);
    }
}
