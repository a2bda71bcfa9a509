using MlNetDl.Configuration;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MlNetDl.Generative;

/// <summary>Values around the decoder's output, x ~ N(output, σ²), with one σ for all.</summary>
public sealed record Gaussian : Likelihood
{
    /// <summary>σ² of the scaled values, above 0. <see langword="null"/>, the default, takes that of each batch's own errors, which is the
    /// maximum-likelihood estimate (Rybkin et al. 2020, arXiv:2006.13202): with 1, errors of pixels from 0 to 1 count next to nothing
    /// against the divergence, and codes collapse.</summary>
    [Above(0)]
    public double? Variance { get; init; }

    /// <inheritdoc/>
    public override bool IsOfShares => false;

    /// <inheritdoc/>
    public override double Log(ReadOnlySpan<float> outputs, ReadOnlySpan<float> observed, double errorVariance)
    {
        double variance = Variance ?? errorVariance;
        float distance = TensorPrimitives.Distance(outputs, observed);
        return -(((double)distance * distance / variance) + (outputs.Length * Math.Log(2 * Math.PI * variance))) / 2;
    }

    /// <inheritdoc/>
    public override Tensor NegativeLog(Tensor outputs, Tensor observed)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var errors = outputs.sub(observed).pow_(2);
        // A constant image that is met exactly would have a variance of 0 and an infinite likelihood.
        using var variance = Variance is { } given ? tensor((float)given, device: outputs.device) : errors.detach().mean().clamp_min_(1e-6f);
        return errors.div(variance).add(variance.mul(2 * Math.PI).log_()).sum([1]).mul_(0.5);
    }
}
