using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Layers;

/// <summary>Adds normal noise while training; the identity otherwise (Vincent et al. 2010, denoising autoencoders).</summary>
/// <param name="Deviation">Standard deviation of the noise, in units of the values, 0 or more.</param>
public sealed record GaussianNoise([property: AtLeast(0)] double Deviation = 0.3) : Elementwise
{
    /// <summary>No: noise is added to values that are 0 too.</summary>
    public override bool CutEqualsMask => false;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, LeafState state) => state.Training ? input.Add(randn_like(input).MulInPlace(Deviation)) : input.alias();

    /// <inheritdoc/>
    public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) => input;
}
