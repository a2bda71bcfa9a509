using System.Collections.Concurrent;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Generative;

/// <summary>A standard normal, tilted towards a sphere: e^(τ‖z‖)·N(z; 0, I) / Z. Codes have room all over the sphere of radius about τ, where rows that
/// are unlike the training data do not fall (Floto et al. 2023, arXiv:2111.15646).</summary>
/// <remarks>The posterior's variance is 1, as in the paper. The divergence is the true one, with its gradient: the authors' code trains
/// ½(‖μ‖ − μ*)² instead, whose least value is 0 and hides nats that belong to the bound (19.5 with 10 values and τ = 25).</remarks>
public sealed record Tilted : Prior
{
    private const float Far = 10_000;

    private static readonly ConcurrentDictionary<(int, double), TiltedNormal> Known = [];

    /// <summary>The tilt τ, from 0 to 1,000; 25 by default. 0 is the standard normal with a posterior of variance 1.</summary>
    [AtLeast(0), AtMost(1000)]
    public double Tau { get; init; } = 25;

    /// <inheritdoc/>
    public override bool LearnsVariance => false;

    /// <inheritdoc/>
    public override Tensor Divergence(Tensor mean, Tensor? logVariance)
    {
        ArgumentNullException.ThrowIfNull(mean);
        var prior = Of((int)mean.shape[1]);
        // Away from 0, where the norm has no gradient.
        var norm = mean.Pow(2).sum([1]).Add(1e-12f).sqrt();
        var norms = norm.detach().to(ScalarType.Float32).cpu().data<float>().ToArray();
        var (values, slopes) = (tensor(Array.ConvertAll(norms, n => (float)Divergence(prior, n)), device: mean.device),
            tensor(Array.ConvertAll(norms, n => (float)Slope(prior, n)), device: mean.device));
        return values.Add(slopes * (norm - norm.detach()));
    }

    /// <summary>log Z − τ·E‖z‖ + ‖μ‖²/2, with E‖z‖ = √(‖μ‖² + c), where c is a polynomial.</summary>
    /// <inheritdoc/>
    public override OnnxValue WriteDivergence(OnnxGraph graph, OnnxValue mean, OnnxValue? logVariance)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(mean);
        var prior = Of((int)mean.Shape!.Size(1));
        var square = graph.SumOfRow(graph.Add("Mul", [mean, mean]));
        var norm = graph.Add("Sqrt", [graph.Add("Add", [square, ExpectedNormSeries.Of(prior).Write(graph, square)])]);
        var half = graph.Add("Add", [graph.Add("Mul", [square, graph.Scalar("half", 0.5)]), graph.Scalar("logZ", prior.LogNormalizer)]);
        return graph.Add("Sub", [half, graph.Add("Mul", [norm, graph.Scalar("tau", Tau)])]);
    }

    // Far out E‖z‖ is ‖μ‖ + (d − 1)/(2‖μ‖), and sums of so many terms would take long. A training that diverges is told as such.
    private double Divergence(TiltedNormal prior, float norm) => !float.IsFinite(norm) ? double.NaN
        : norm < Far ? prior.Divergence(norm)
        : prior.LogNormalizer - (Tau * (norm + ((prior.Dimensions - 1) / (2.0 * norm)))) + ((double)norm * norm / 2);

    private double Slope(TiltedNormal prior, float norm) => !float.IsFinite(norm) ? double.NaN
        : norm - (Tau * (norm < Far ? prior.ExpectedNormSlope(norm) : 1 - ((prior.Dimensions - 1) / (2.0 * norm * norm))));

    /// <inheritdoc/>
    public override Tensor LogDensity(Tensor codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        var prior = Of((int)codes.shape[1]);
        var square = codes.Pow(2).sum([1]);
        return (square.Add(1e-12f).sqrt().Mul(Tau) - square.Mul(0.5)).Sub((prior.Dimensions * Math.Log(2 * Math.PI) / 2) + prior.LogNormalizer);
    }

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<float> code)
    {
        var values = new double[code.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = code[i];
        }

        return Of(values.Length).LogDensity(values);
    }

    /// <inheritdoc/>
    public override float[] Sample(int count, int size, Random random)
    {
        var prior = Of(size);
        return [.. Enumerable.Range(0, count).SelectMany(_ => prior.Sample(random)).Select(v => (float)v)];
    }

    private TiltedNormal Of(int dimensions) => Known.GetOrAdd((dimensions, Tau), key => new(key.Item1, key.Item2));
}
