using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Sets values to 0 with probability <paramref name="P"/> while training and leaves the others as they are; the identity otherwise
/// (Vincent et al. 2008). Unlike <see cref="Dropout"/> it does not scale the others up: what is left is what is seen.</summary>
/// <param name="P">Probability of masking a value, 0 or more and below 1.</param>
public sealed record MaskingNoise([property: AtLeast(0), Below(1)] double P = 0.3) : Elementwise
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) =>
        state.Training ? input * rand_like(input).Ge(P).to(input.dtype) : input.alias();

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) => input;
}
