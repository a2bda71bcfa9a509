using MlNetDl.Search.Statistics;

namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>The probability that a trial succeeds, by where it lies: a Gaussian process over the outcomes 1 and 0, of
/// which the probability to pass 1/2 counts (least-squares classification, Rasmussen and Williams 2006, section
/// 6.5).</summary>
internal sealed class Feasibility
{
    // Less likely to succeed than this, a failure was to be expected.
    private const double Unlikely = 0.25;

    private readonly IReadOnlyList<(double[] Position, bool Failed)> outcomes;
    private readonly double[] values;
    private readonly double rate, deviation, noise;
    private readonly Posterior posterior;

    /// <summary>The model of outcomes.</summary>
    /// <param name="outcomes">Where finished trials lie, and whether they failed.</param>
    /// <param name="isChoice">Which coordinates are options.</param>
    /// <param name="kernel">What <see cref="Fit"/> found.</param>
    public Feasibility(IReadOnlyList<(double[] Position, bool Failed)> outcomes, bool[] isChoice, KernelParameters kernel)
    {
        (this.outcomes, noise) = (outcomes, kernel.Noise);
        (values, rate, deviation) = Standardised(outcomes);
        posterior = new([.. outcomes.Select(o => o.Position)], values, isChoice, kernel);
    }

    /// <summary>The kernel of outcomes; <see langword="null"/> where the plain share of successes says as
    /// much.</summary>
    /// <remarks>Failures have a place when the process makes the outcomes likelier than the share does, by more than a
    /// factor of their number. By chance that is rare.</remarks>
    public static KernelParameters? Fit(IReadOnlyList<(double[] Position, bool Failed)> outcomes, bool[] isChoice)
    {
        int failed = outcomes.Count(o => o.Failed);
        if (failed == 0 || failed == outcomes.Count)
        {
            return null;
        }

        double[][] points = [.. outcomes.Select(o => o.Position)];
        double[] values = Standardised(outcomes).Values;
        var kernel = KernelFit.Fit(points, values, isChoice);
        kernel = kernel with { Noise = kernel.Noise + KernelFit.LeastNoise };
        var fitted = new Posterior(points, values, isChoice, kernel);

        // Twice the log likelihoods, without what they share. By the plain share the values are independent.
        double process = -values.Zip(fitted.Weights, (v, w) => v * w).Sum() - fitted.Factor.LogDeterminant;
        double plain = -values.Sum(v => v * v);
        return process - plain > 2 * Math.Log(values.Length) ? kernel : null;
    }

    /// <summary>The log probability of success at a point.</summary>
    public double LogAt(double[] point)
    {
        var (mean, spread, _) = posterior.At(point);
        return LogSuccess(mean, (spread * spread) + noise);
    }

    /// <summary>The positions of trials that failed as all other outcomes foretell (Rasmussen and Williams 2006,
    /// equation 5.12).</summary>
    public HashSet<double[]> Foretold()
    {
        double[][] inverse = posterior.Factor.Inverse();
        return [.. outcomes.Where((o, i) => o.Failed && IsForetold(i)).Select(o => o.Position)];

        bool IsForetold(int i) =>
            LogSuccess(values[i] - (posterior.Weights[i] / inverse[i][i]), 1 / inverse[i][i]) < Math.Log(Unlikely);
    }

    // A half more of either outcome, so that the latest may be all alike.
    private static (double[] Values, double Rate, double Deviation) Standardised(
        IReadOnlyList<(double[] Position, bool Failed)> outcomes)
    {
        double rate = (outcomes.Count(o => !o.Failed) + 0.5) / (outcomes.Count + 1), deviation = Math.Sqrt(rate * (1 - rate));
        return ([.. outcomes.Select(o => ((o.Failed ? 0 : 1) - rate) / deviation)], rate, deviation);
    }

    private double LogSuccess(double mean, double variance) =>
        NormalMass.LogCumulative((rate - 0.5 + (deviation * mean)) / (deviation * Math.Sqrt(variance)));
}
