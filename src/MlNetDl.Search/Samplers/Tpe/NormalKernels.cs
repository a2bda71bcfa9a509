using MlNetDl.Search.Statistics;

namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>Normal distributions cut off at 0 and 1, one at each observed position and one for the prior, in the middle
/// and as wide as the range.</summary>
internal sealed class NormalKernels
{
    public NormalKernels(double[] positions)
    {
        Means = [.. positions, 0.5];
        Deviations = Bandwidths.Of(Means);
    }

    public double[] Means { get; }

    public double[] Deviations { get; }

    /// <summary>A position drawn from one kernel.</summary>
    public double Draw(int kernel, TrialRandom random)
    {
        double mean = Means[kernel], deviation = Deviations[kernel];
        return Math.Clamp(mean + (deviation * NormalMass.Quantile(random.NextDouble(), -mean / deviation, (1 - mean) / deviation)), 0, 1);
    }

    /// <summary>A position drawn from what one kernel has between two positions.</summary>
    public double Draw(int kernel, TrialRandom random, double from, double to)
    {
        double mean = Means[kernel], deviation = Deviations[kernel];
        double z = NormalMass.QuantileBetween(random.NextDouble(), (from - mean) / deviation, (to - mean) / deviation);
        return Math.Clamp(mean + (deviation * z), from, to);
    }

    /// <summary>The logarithm of the mass that a kernel would have within 0 and 1 were it not cut off.</summary>
    public double LogInside(int kernel) =>
        NormalMass.LogBetween(-Means[kernel] / Deviations[kernel], (1 - Means[kernel]) / Deviations[kernel]);
}
