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
/// <para>Until <see cref="StartUpTrials"/> trials have finished, parameters are quasi-random. Failed trials count, but
/// one with a value must be there.</para>
/// <para>A conditional parameter is a coordinate where it exists. One process sees all branches: which branch a trial is
/// in is a coordinate too, and each branch has its own mean and deviation of values, so that a branch with a wide range
/// does not hide what matters in another. The branch with the largest expected improvement comes next. Every eighth
/// trial takes a random branch, because a branch whose trials were bad so far may hold the best one. Without a declared
/// space, branches are what complete trials show: choices whose value decides whether some other parameter is
/// there.</para>
/// <para>Ranges that other parameters of the declared space bound are searched within those bounds. Where the objective itself
/// gives bounds, a number outside of them becomes the nearest one within.</para>
/// <para>Parameters that depend on others in another way, such as on a whole number, are quasi-random where the
/// objective itself defines them.</para>
/// <para>Values are standardised, huge ones of the worse half cut to what their rank says; infinite ones, and those
/// beyond ±1e100, count as the best or worst of the others. A pruned trial counts as its last report, but as the median
/// at best. Infeasible trials count as the worst value, so that the search leaves their surroundings. Running trials
/// count as their expected values.</para>
/// <para>A second process over success and failure multiplies the improvement by the probability of success (Gelbart,
/// Snoek and Adams 2014, arXiv:1403.5607). Where failures have a place, a failure that the other trials foretell counts
/// as the worst value too; any other failure says nothing about the values around it. Where failures have no place, the
/// probability is the same everywhere. Trials that lost their workers (<see cref="TrialRecord.IsLost"/>) do not count.
/// Parameters that a failed or pruned trial did not come to are drawn at random, because their values are
/// unknown.</para>
/// <para>With six parameters a proposal takes 5 to 10 ms of one core after 50 trials, and 30 to 40 ms after 100 to 200;
/// fits are included. With more trials it grows slowly, because the sampler looks through all of them for those to
/// keep. After 100,000 it is two to three times that. Failed trials make it up to twice as long.</para>
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
    private const int EvenTurn = 8;

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
        return Joint(memory, history, trial) is { } point ? memory.Search!.Axes.Numbers(point, space) : base.SampleJointly(history, trial, space);
    }

    /// <inheritdoc/>
    /// <exception cref="SamplerException">The study has several objectives.</exception>
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution)
    {
        Check(history);
        var memory = history.Cache(this, () => new Memory());
        if (Joint(memory, history, trial) is { } point && memory.Search!.Axes is var axes
            && (distribution.Whole is not null || axes.IsConditional(name)))
        {
            // The point that was found with the unconditional parameters, or, where others were given, one with those.
            double?[] held = axes.Held(trial);
            if (held.Where((h, i) => h is not null && h != point[i]).Any())
            {
                point = memory.Search.Propose(Random(trial, $"gaussianProcess {name}"), Others(history, trial), held) ?? point;
            }

            if (axes.NumberOf(name, point) is { } number)
            {
                return distribution.Whole is null ? number : distribution.Nearest(number);
            }
        }

        return Start.Sample(history, trial, name, distribution);
    }

    /// <inheritdoc/>
    /// <exception cref="SamplerException">The study has several objectives.</exception>
    public override string Proposal(History history, TrialRecord trial, IReadOnlyDictionary<string, Distribution> space)
    {
        Check(history);
        return Joint(history.Cache(this, () => new Memory()), history, trial) is null
            ? Start.Proposal(history, trial, space)
            : base.Proposal(history, trial, space);
    }

    private QuasiRandomSampler Start => new() { Seed = Seed };

    private static void Check(History history)
    {
        if (history.Goals.Count > 1)
        {
            throw new SamplerException($"study '{history.StudyName}' has {history.Goals.Count} objectives but expected "
                + "improvement is of one; use nsga2 or tpe.");
        }
    }

    private static IEnumerable<TrialRecord> Others(History history, TrialRecord trial) => history.Running.Where(t => t.Number != trial.Number);

    // It follows from history and trial, and is kept as long as nothing else happens in the study.
    private double[]? Joint(Memory memory, History history, TrialRecord trial)
    {
        memory.Read(this, history);
        var wanted = (trial.Number, history.Finished.Count, history.Running.Count, history.Revision);
        if (memory.FoundFor != wanted)
        {
            var axes = memory.Search!.Axes;
            var held = axes.HasBranches && trial.Number % EvenTurn == EvenTurn - 1 ? axes.RandomBranch(Random(trial, "branch")) : null;
            memory.Found = memory.Search.Learnt >= StartUpTrials
                ? memory.Search.Propose(Random(trial, "gaussianProcess"), Others(history, trial), held)
                : null;
            memory.FoundFor = wanted;
        }

        return memory.Found;
    }

    private sealed class Memory
    {
        private Branches? branches;

        public GaussianProcessSearch? Search { get; private set; }

        public double[]? Found { get; set; }

        public (int Trial, int Finished, int Running, long Revision) FoundFor { get; set; } = (-1, 0, 0, 0);

        public void Read(GaussianProcessSampler sampler, History history)
        {
            branches ??= history.Space is { } space ? new DeclaredBranches(space) : new ObservedBranches(history);
            (branches as ObservedBranches)?.Read();
            var axes = new SpaceAxes(branches.Parameters, branches, history.Space);
            if (Search?.Axes.SameAs(axes) != true)
            {
                // Define-by-run: the parameters, or those that decide on others, have changed.
                Search = new(sampler, axes, history.Goals[0]);
            }

            Search.Read(history.Finished);
        }
    }
}
