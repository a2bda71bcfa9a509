using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Logistic sigmoid, 1 / (1 + e^−x); its slope is at most ¼, so deep stacks of it learn slowly.</summary>
/// <remarks>Binary cross-entropy takes logits: a network that ends in Sigmoid and is trained with it
/// is squashed twice.</remarks>
public sealed record Sigmoid : Elementwise
{
    /// <summary>No: a channel that is 0 becomes ½.</summary>
    public override bool CutEqualsMask => false;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => sigmoid(input);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Sigmoid", [input]);
}
