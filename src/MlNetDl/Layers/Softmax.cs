using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Softmax over the channels (dimension 1 for vectors and images, the last for sequences): e^xᵢ / Σ e^xⱼ,
/// computed with the maximum subtracted.</summary>
/// <remarks>Cross-entropy losses take logits: a network that ends in Softmax and is trained with one
/// is normalised twice.</remarks>
public sealed record Softmax : Elementwise
{
    /// <summary>No: a channel that is 0 takes its share of the sum.</summary>
    public override bool CutEqualsMask => false;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) =>
        nn.functional.softmax(input, input.dim() == 3 ? 2 : 1);

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        graph.Add("Softmax", [input], ("axis", input.Shape!.Rank == 3 ? 2 : 1));
}
