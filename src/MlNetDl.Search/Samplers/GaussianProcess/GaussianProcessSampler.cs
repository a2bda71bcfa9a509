using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers.GaussianProcess;

namespace MlNetDl.Search.Samplers;

/// <summary>Bayesian optimisation: a Gaussian process with a Matérn 5/2 kernel predicts values, and the point with the
/// largest expected improvement comes next (Jones, Schonlau and Welch 1998; Snoek, Larochelle and Adams 2012,
/// arXiv:1206.2944). For up to some twenty parameters and trials that take seconds or more.</summary>
/// <remarks>
/// <para>Numeric parameters are coordinates from 0 to 1, logarithmic ones in the logarithm, each with its own
/// length scale; whole numbers are searched on their grid. Options of a choice are all equally far from each
/// other (Hamming distance).</para>
/// <para>Conditional parameters, and all until <see cref="StartUpTrials"/> trials have finished, are quasi-random. So
/// is which branch is taken, that is, the parameters that conditions of the declared space name; without one, the
/// choices whose value decided in all complete trials whether some other parameter is there. The process sees neither
/// them nor what lies within branches, only the other unconditional parameters: TPE is made for branches.</para>
/// <para>Where the objective itself defines parameters that depend on others in another way, such as on a whole number,
/// these are searched like all; once all their combinations have been tried they are quasi-random.</para>
/// <para>Values are standardised, huge ones of the worse half cut to what their rank says; infinite ones, and those
/// beyond ±1e100, count as the best or worst of the others. A pruned trial counts as its last report, but as the median
/// at best. Infeasible and failed trials count as the worst value, so that the search leaves their surroundings;
/// parameters that a failed or pruned trial did not come to are drawn at random, because their values are unknown.
/// Running trials count as their expected values.</para>
/// <para>With six parameters a proposal takes 5 to 10 ms of one core after 50 trials, and 30 to 40 ms after 100 to 200;
/// fits are included. With more trials it grows slowly, because the sampler looks through all of them for those to
/// keep. After 100,000 it is two to three times that.</para>
/// <para>Kernel and noise are fitted by marginal likelihood under weak priors, anew whenever trials are more by
/// an eighth. A point that is among the observations is proposed again only where no other is found, and then
/// by expected improvement.</para>
/// </remarks>
/// <example><code>
/// using var study = Study.InMemory("gp", sampler: new GaussianProcessSampler { Seed = 1, StartUpTrials = 8 });
/// study.Optimize(trial => Math.Pow(trial.Uniform("x", -10, 10) - 3, 2) + Math.Pow(trial.Uniform("y", -10, 10), 2), trials: 30);
/// </code></example>
public sealed record GaussianProcessSampler : Sampler
{
    /// <summary>How many finished trials with quasi-random parameters come first; 1 or more, 10 by default.</summary>
    [AtLeast(1)]
    public int StartUpTrials { get; init; } = 10;

    /// <summary>The largest number of trials that the process is given. Half of them are the best ones, half the latest
    /// of the others. 10 or more; 200 by default, because a proposal's time grows with the square and a fit's with the
    /// cube.</summary>
    [AtLeast(10)]
    public int MaxObservations { get; init; } = 200;

    /// <inheritdoc/>
    /// <exception cref="SamplerException">The study has several objectives.</exception>
    public override IReadOnlyDictionary<string, double> SampleJointly(
        History history, TrialRecord trial, IReadOnlyDictionary<string, Distribution> space)
    {
        Check(history);
        var memory = history.Cache(this, () => new Memory());

        // A branch whose trials were bad so far may hold the best trial. The process sees nothing within the branch, so
        // its expectation says little.
        var branches = memory.Branches.Of(history);
        var axes = new SpaceAxes(SpaceAxes.Everywhere(history).Where(p => !branches.Contains(p.Key)));
        if (memory.Search?.Axes.SameAs(axes) != true || memory.Search.BranchesApart != branches.Count > 0)
        {
            // Define-by-run: the common parameters, or those that decide on others, have changed.
            memory.Search = new(this, axes, history.Goals[0], branches.Count > 0);
        }

        memory.Search.Read(history.Finished);
        return memory.Search.Learnt >= StartUpTrials
                && memory.Search.Propose(
                    Random(trial, "gaussianProcess"), history.Running.Where(t => t.Number != trial.Number))
                    is { } point
            ? axes.Numbers(point, space)
            : base.SampleJointly(history, trial, space);
    }

    /// <inheritdoc/>
    /// <exception cref="SamplerException">The study has several objectives.</exception>
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution)
    {
        Check(history);
        return new QuasiRandomSampler { Seed = Seed }.Sample(history, trial, name, distribution);
    }

    private static void Check(History history)
    {
        if (history.Goals.Count > 1)
        {
            throw new SamplerException($"study '{history.StudyName}' has {history.Goals.Count} objectives but expected "
                + "improvement is of one; use nsga2 or tpe.");
        }
    }

    private sealed class Memory
    {
        public Branches Branches { get; } = new();

        public GaussianProcessSearch? Search { get; set; }
    }
}
