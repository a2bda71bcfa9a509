using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Logistic sigmoid, 1 / (1 + e^−x); its slope is at most ¼, so deep stacks of it learn slowly.</summary>
/// <remarks>Binary cross-entropy takes logits: a network that ends in Sigmoid and is trained with it is squashed twice.</remarks>
public sealed record Sigmoid : Elementwise
{
    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs, LeafState state) => sigmoid(inputs[0]);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, IReadOnlyDictionary<string, OnnxValue> weights) => graph.Add("Sigmoid", inputs);
}
