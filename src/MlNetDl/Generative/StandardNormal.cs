using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Generative;

/// <summary>N(0, I): the prior of Kingma and Welling 2013, arXiv:1312.6114.</summary>
public sealed record StandardNormal : Prior
{
    /// <summary>½·Σ(μ² + σ² − 1 − log σ²), appendix B of the paper.</summary>
    /// <inheritdoc/>
    public override Tensor Divergence(Tensor mean, Tensor? logVariance)
    {
        ArgumentNullException.ThrowIfNull(mean);
        var terms = logVariance is null ? mean.Pow(2) : mean.Pow(2).AddInPlace(logVariance.exp()).sub_(logVariance).SubInPlace(1);
        return terms.sum([1]).MulInPlace(0.5);
    }

    /// <inheritdoc/>
    public override OnnxValue WriteDivergence(OnnxGraph graph, OnnxValue mean, OnnxValue? logVariance)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var terms = graph.Add("Mul", [mean, mean]);
        if (logVariance is not null)
        {
            var spread = graph.Add("Sub", [graph.Add("Exp", [logVariance]), logVariance]);
            terms = graph.Add("Sub", [graph.Add("Add", [terms, spread]), graph.Scalar("one", 1)]);
        }

        return graph.Add("Mul", [graph.SumOfRow(terms), graph.Scalar("half", 0.5)]);
    }

    /// <inheritdoc/>
    public override Tensor LogDensity(Tensor codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        return codes.Pow(2).AddInPlace(Math.Log(2 * Math.PI)).sum([1]).MulInPlace(-0.5);
    }

    /// <inheritdoc/>
    public override double LogDensity(ReadOnlySpan<float> code)
    {
        double sum = 0;
        foreach (float value in code)
        {
            sum += ((double)value * value) + Math.Log(2 * Math.PI);
        }

        return -sum / 2;
    }

    /// <inheritdoc/>
    public override float[] Sample(int count, int size, Random random) => Gauss.Draw(count * size, random);
}
