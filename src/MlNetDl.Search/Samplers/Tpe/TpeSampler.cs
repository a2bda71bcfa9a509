using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers.Tpe;

namespace MlNetDl.Search.Samplers;

/// <summary>Tree-structured Parzen estimator: draws candidates from a density of the good trials and proposes
/// the one that is likeliest among the good against the others (Bergstra et al. 2011, "Algorithms for
/// hyper-parameter optimization", 4).</summary>
/// <remarks>
/// Densities are joint over the unconditional parameters (Falkner, Klein and Hutter 2018, "BOHB", 3.2), with the
/// kernels of Bergstra et al. and the constants of Optuna 5: good are the best tenth of the trials, 25 at most; weights
/// of trials that fall with age from the 26th-latest on; logarithmic ranges by their logarithm; whole numbers by the
/// mass of their cell; choices by smoothed frequencies.
/// <para>The best are feasible complete trials by value, then pruned ones, the deepest step first, then infeasible
/// ones, the smallest violation first. NaN ranks last among complete trials, infinities are values like others, failed
/// trials are none of them. With several objectives the order is by non-domination rank and, within the last rank that
/// counts, by crowding distance (Deb et al. 2002).</para>
/// <para>Where trials fail in some places and not in others, a candidate's score also has the logarithm of the
/// probability that it succeeds: a Gaussian process over success and failure of the latest 100 trials. Failures at
/// random change no proposal. Trials that lost their workers (<see cref="TrialRecord.IsLost"/>) do not count.</para>
/// <para>Conditional parameters are drawn together with those that occur in the same trials, a branch's at once, as in
/// a study of the trials that have them: a branch has its own good trials and its own random start.
/// Which branch is taken follows the good trials of all: where a wrong branch is better nearly everywhere, TPE stays in
/// it. Enqueue a trial for each, or search branches apart.</para>
/// <para>Where other parameters of the trial leave a part of a range, candidates are drawn from what the densities have in that
/// part. Bounds that the objective itself gives are not known before it asks for the parameter, so a number outside of
/// them is drawn again, for this parameter by itself.</para>
/// <para>A proposal takes time in proportion to parameters, candidates and the trials that count
/// (<see cref="HistoryCap"/>): about 1.5 ms for five parameters and 1,000 trials, and no more than 3
/// ms for 100,000. Failed trials add some 2 ms.</para>
/// </remarks>
/// <example><code>
/// using var study = Study.InMemory("tpe", sampler: new TpeSampler { Seed = 1, StartUpTrials = 20 });
/// study.Optimize(
///     trial => trial.Choice("kind", "line", "parabola") == "line"
///         ? trial.Uniform("height", 1, 2)
///         : Math.Pow(Math.Log10(trial.LogUniform("rate", 1e-5, 1)) + 2, 2),
///     trials: 100);
/// </code></example>
public sealed record TpeSampler : Sampler
{
    private static readonly Dictionary<string, double> Nothing = [];

    /// <summary>Proposals are random until this many trials that have the parameters have finished, of which one did not
    /// fail; 0 or more, 10 by default.</summary>
    [AtLeast(0)]
    public int StartUpTrials { get; init; } = 10;

    /// <summary>How many candidates are drawn for a proposal; 1 or more. 24 by default: more make
    /// the search greedier.</summary>
    [AtLeast(1)]
    public int Candidates { get; init; } = 24;

    /// <summary>The weight of the prior, uniform or as wide as the range, where a recent trial weighs 1; above 0,
    /// 1 by default.</summary>
    [Above(0)]
    public double PriorWeight { get; init; } = 1;

    /// <summary>Whether parameters are drawn together, so that what goes well together is found together. On by
    /// default; off draws each by itself.</summary>
    public bool Multivariate { get; init; } = true;

    /// <summary>Whether trials that run now count as not good, so that parallel workers try different things.
    /// On by default.</summary>
    public bool ConstantLiar { get; init; } = true;

    /// <summary>How many trials beside the good ones the densities take, the latest; 25 or more. 2,000
    /// by default: the time of a proposal stays bounded, and in 4,000 trials no cost in quality could
    /// be shown (<c>experiments/sweeps</c>).</summary>
    [AtLeast(BestShare.Most)]
    public int HistoryCap { get; init; } = 2000;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> SampleJointly(
        History history, TrialRecord trial, IReadOnlyDictionary<string, Distribution> space) =>
        Multivariate ? Propose(history, trial, [.. space.OrderBy(p => p.Key, StringComparer.Ordinal)]) : Nothing;

    /// <inheritdoc/>
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution)
    {
        var whole = distribution.Whole ?? distribution;
        var memory = TpeMemory.Of(this, history);
        var group = Multivariate ? memory.GroupOf(name, whole) : [new(name, whole)];
        double number = memory.Together(trial, Key(group), () => Propose(history, trial, group))[name];

        // Bounds that only this trial has are not known before it asks.
        return whole == distribution || distribution.Contains(number) ? number : Alone(history, trial, name, distribution);
    }

    /// <inheritdoc/>
    public override string Proposal(History history, TrialRecord trial, IReadOnlyDictionary<string, Distribution> space)
    {
        // Without parameters that are common to all trials, each branch has its own start.
        var asked = space.OrderBy(p => p.Key, StringComparer.Ordinal).Take(Multivariate ? int.MaxValue : 1).ToList();
        bool isRandom = asked.Count == 0
            ? history.Finished.Count < StartUpTrials
            : IsStart(TpeMemory.Of(this, history).In(Key(asked), asked));
        return isRandom ? AtRandom : base.Proposal(history, trial, space);
    }

    private static string Key(List<KeyValuePair<string, Distribution>> space) => string.Join('\n', space.Select(p => p.Key));

    private IReadOnlyDictionary<string, double> Propose(History history, TrialRecord trial, List<KeyValuePair<string, Distribution>> space)
    {
        var key = Key(space);
        var narrowed = NarrowedAxes.Of(history.Space, trial, space);
        if (IsStart(TpeMemory.Of(this, history).In(key, space)))
        {
            double[] point = [.. space.Select(p => p.Value.FromUnit(Random(trial, p.Key).NextDouble()))];
            foreach (var (axis, part) in narrowed)
            {
                point[axis] = part(point).FromUnit(Random(trial, space[axis].Key).NextDouble());
            }

            return Named(space, point);
        }

        return Named(space, Best(history, trial, key, space, narrowed));
    }

    // One parameter by itself, in the part of its range that the trial leaves.
    private double Alone(History history, TrialRecord trial, string name, Distribution part)
    {
        List<KeyValuePair<string, Distribution>> space = [new(name, part.Whole!)];
        return IsStart(TpeMemory.Of(this, history).In(name, space))
            ? part.FromUnit(Random(trial, $"{name} within").NextDouble())
            : Best(history, trial, name, space, [(0, _ => part)])[0];
    }

    private bool IsStart(Observations observations) =>
        observations.Finished < StartUpTrials || (observations.Count == 0 && observations.Finished > 0);

    private double[] Best(History history, TrialRecord trial, string key, List<KeyValuePair<string, Distribution>> space,
        IReadOnlyList<(int Axis, Func<double[], Distribution> Part)> narrowed)
    {
        var observations = TpeMemory.Of(this, history).In(key, space);
        var (good, others) = observations.Split(ConstantLiar ? history.Running.Where(t => t.Number != trial.Number) : []);
        var distributions = space.ConvertAll(p => p.Value);
        ParzenEstimator likely = new(distributions, good, PriorWeight), unlikely = new(distributions, others, PriorWeight);
        var feasibility = observations.Feasibility;
        var random = Random(trial, key);
        double[] best = [];
        double bestScore = double.NegativeInfinity;
        for (int i = 0; i < Candidates; i++)
        {
            var candidate = likely.Draw(random, narrowed);
            double score = likely.LogDensity(candidate) - unlikely.LogDensity(candidate);
            score += feasibility?.LogAt([.. candidate.Select((c, d) => KernelAxis.Position(distributions[d], c))]) ?? 0;
            if (best.Length == 0 || score > bestScore)
            {
                (best, bestScore) = (candidate, score);
            }
        }

        return best;
    }

    private static Dictionary<string, double> Named(List<KeyValuePair<string, Distribution>> space, double[] point) =>
        Enumerable.Range(0, space.Count).ToDictionary(i => space[i].Key, i => point[i]);
}
