using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
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

    // A constant image that is met exactly would have a variance of 0 and an infinite likelihood.
    private const float LeastVariance = 1e-6f;

    /// <inheritdoc/>
    public override bool IsOfShares => false;

    /// <inheritdoc/>
    public override bool NeedsErrorVariance => Variance is null;

    /// <inheritdoc/>
    public override Likelihood WithErrorVariance(double errorVariance) =>
        Variance is null ? this with { Variance = Math.Max(LeastVariance, errorVariance) } : this;

    /// <inheritdoc/>
    public override OnnxValue WriteNegativeLog(OnnxGraph graph, OnnxValue outputs, OnnxValue observed)
    {
        ArgumentNullException.ThrowIfNull(graph);
        double variance = Variance
            ?? throw new NotSupportedException("A Gaussian whose variance is that of each batch's errors scores no single row; give it.");
        var errors = graph.Add("Sub", [outputs, observed]);
        var terms = graph.Add("Mul", [graph.Add("Mul", [errors, errors]), graph.Scalar("weight", 0.5 / variance)]);
        return graph.SumOfRow(graph.Add("Add", [terms, graph.Scalar("constant", 0.5 * Math.Log(2 * Math.PI * variance))]));
    }

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
        var errors = outputs.sub(observed).PowInPlace(2);
        using var variance = Variance is { } given ? tensor((float)given, device: outputs.device) : errors.detach().mean().ClampMinInPlace(LeastVariance);
        return errors.div(variance).Add(variance.Mul(2 * Math.PI).log_()).sum([1]).MulInPlace(0.5);
    }
}
