using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Passes its input on: a shortcut, or a place holder. It adds no node to the scoring graph.</summary>
public sealed record Identity : Elementwise
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => input.alias();

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) =>
        input;
}
