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
    /// <remarks>Failures have a place when the process is likelier than the share by more than a factor of the number of
    /// outcomes. By chance that is rare.</remarks>
    public static KernelParameters? Fit(IReadOnlyList<(double[] Position, bool Failed)> outcomes, bool[] isChoice)
    {
        int failed = outcomes.Count(o => o.Failed);
        if (failed == 0 || failed == outcomes.Count)
        {
            return null;
        }

        var kernel = KernelFit.Fit([.. outcomes.Select(o => o.Position)], Standardised(outcomes).Values, isChoice);
        kernel = kernel with { Noise = kernel.Noise + KernelFit.LeastNoise };
        var model = new Feasibility(outcomes, isChoice, kernel);

        // Each outcome foretold from all others, unless there are few successes: these cannot foretell each other yet,
        // so that the marginal likelihood of the values must do. With few failures that one is misled by chance.
        double gain = failed > outcomes.Count - failed ? model.MarginalGain() : model.ForetellingGain(failed);
        return gain > Math.Log(outcomes.Count) ? kernel : null;
    }

    /// <summary>The log probability of success at a point.</summary>
    public double LogAt(double[] point)
    {
        var (mean, spread, _) = posterior.At(point);
        return NormalMass.LogCumulative(Score(mean, (spread * spread) + noise));
    }

    /// <summary>The positions of trials that failed as all other outcomes foretell.</summary>
    public HashSet<double[]> Foretold()
    {
        double[] scores = FromOthers();
        return [.. outcomes.Where((o, i) => o.Failed && NormalMass.LogCumulative(scores[i]) < Math.Log(Unlikely)).Select(o => o.Position)];
    }

    // A half more of either outcome, so that the latest may be all alike.
    private static (double[] Values, double Rate, double Deviation) Standardised(
        IReadOnlyList<(double[] Position, bool Failed)> outcomes)
    {
        double rate = (outcomes.Count(o => !o.Failed) + 0.5) / (outcomes.Count + 1), deviation = Math.Sqrt(rate * (1 - rate));
        return ([.. outcomes.Select(o => ((o.Failed ? 0 : 1) - rate) / deviation)], rate, deviation);
    }

    // Log marginal likelihood of the values less that of independent ones.
    private double MarginalGain() =>
        (values.Sum(v => v * v) - values.Zip(posterior.Weights, (v, w) => v * w).Sum() - posterior.Factor.LogDeterminant) / 2;

    // Log probability of each outcome, given all others, less that by the share of its kind.
    private double ForetellingGain(int failed)
    {
        double n = outcomes.Count, succeeded = n - failed;
        double process = FromOthers().Zip(outcomes, (score, o) => NormalMass.LogCumulative(o.Failed ? -score : score)).Sum();
        return process - (failed * Math.Log(failed / n)) - (succeeded * Math.Log(succeeded / n));
    }

    // Of each outcome, given all others (Rasmussen and Williams 2006, equation 5.12).
    private double[] FromOthers()
    {
        double[][] inverse = posterior.Factor.Inverse();
        return [.. values.Select((v, i) => Score(v - (posterior.Weights[i] / inverse[i][i]), 1 / inverse[i][i]))];
    }

    // How many deviations a prediction lies above 1/2.
    private double Score(double mean, double variance) => (rate - 0.5 + (deviation * mean)) / (deviation * Math.Sqrt(variance));
}
