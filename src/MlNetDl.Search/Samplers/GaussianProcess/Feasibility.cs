using MlNetDl.Search.Samplers.Tpe;

namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>The probability that a trial succeeds, by where it lies: a Gaussian process over the outcomes 1 and 0,
/// whose prediction passes 1/2 or does not (least-squares classification, Rasmussen and Williams 2006, section
/// 6.5).</summary>
/// <remarks>The process stands against the plain share of successes. It must make the outcomes likelier by more than
/// their number, or failures have no place and the probability is the same everywhere.</remarks>
internal sealed class Feasibility
{
    // A failure that was less likely than this to go well was to be expected.
    private const double Unlikely = 0.25;

    private readonly IReadOnlyList<(TrialRecord Trial, double[] Position)> trials;
    private readonly Outcomes outcomes;
    private readonly Posterior posterior;
    private readonly double noise;

    /// <summary>The model of finished trials.</summary>
    /// <param name="trials">The trials and where they lie.</param>
    /// <param name="isChoice">Which coordinates are options.</param>
    /// <param name="kernel">What <see cref="Fit"/> found.</param>
    public Feasibility(IReadOnlyList<(TrialRecord Trial, double[] Position)> trials, bool[] isChoice, KernelParameters kernel)
    {
        (this.trials, outcomes, noise) = (trials, Outcomes.Of(trials), kernel.Noise);
        posterior = new([.. trials.Select(t => t.Position)], outcomes.Values, isChoice, kernel);
    }

    /// <summary>The kernel of the outcomes of trials; <see langword="null"/> where failures have no place.</summary>
    public static KernelParameters? Fit(IReadOnlyList<(TrialRecord Trial, double[] Position)> trials, bool[] isChoice)
    {
        int failed = trials.Count(t => t.Trial.State == TrialState.Failed);
        if (failed == 0 || failed == trials.Count)
        {
            return null;
        }

        double[][] points = [.. trials.Select(t => t.Position)];
        double[] values = Outcomes.Of(trials).Values;
        var kernel = KernelFit.Fit(points, values, isChoice);
        var fitted = new Posterior(points, values, isChoice, kernel);

        // Twice the log likelihoods, without what they share. The plain share has independent values of variance 1.
        double process = -values.Zip(fitted.Weights, (v, w) => v * w).Sum() - fitted.Factor.LogDeterminant;
        double plain = -values.Sum(v => v * v);
        return process - plain > 2 * Math.Log(values.Length) ? kernel : null;
    }

    /// <summary>The log probability of success at a point.</summary>
    public double LogAt(double[] point)
    {
        var (mean, deviation, _) = posterior.At(point);
        return outcomes.LogSuccess(mean, (deviation * deviation) + noise);
    }

    /// <summary>The positions of trials that failed as all other outcomes foretell (Rasmussen and Williams 2006,
    /// equation 5.12).</summary>
    public HashSet<double[]> Foretold()
    {
        double[][] inverse = posterior.Factor.Inverse();
        return [.. trials.Where((t, i) => t.Trial.State == TrialState.Failed && IsForetold(i)).Select(t => t.Position)];

        bool IsForetold(int i) =>
            outcomes.LogSuccess(outcomes.Values[i] - (posterior.Weights[i] / inverse[i][i]), 1 / inverse[i][i]) < Math.Log(Unlikely);
    }

    /// <summary>Outcomes as standardised values: 1 and 0 less their mean, over their deviation.</summary>
    private sealed record Outcomes(double[] Values, double Rate, double Deviation)
    {
        public static Outcomes Of(IReadOnlyList<(TrialRecord Trial, double[] Position)> trials)
        {
            // A half more of either, so that the latest trials may be all alike.
            double rate = (trials.Count(t => t.Trial.State != TrialState.Failed) + 0.5) / (trials.Count + 1);
            double deviation = Math.Sqrt(rate * (1 - rate));
            return new([.. trials.Select(t => ((t.Trial.State == TrialState.Failed ? 0 : 1) - rate) / deviation)], rate, deviation);
        }

        /// <summary>The log probability that an outcome lies above 1/2.</summary>
        public double LogSuccess(double mean, double variance) =>
            NormalMass.LogCumulative((Rate - 0.5 + (Deviation * mean)) / (Deviation * Math.Sqrt(variance)));
    }
}
