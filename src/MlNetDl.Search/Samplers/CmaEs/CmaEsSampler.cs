using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers.CmaEs;

namespace MlNetDl.Search.Samplers;

/// <summary>CMA-ES: samples a normal distribution whose mean, step size and covariance follow the better trials (Hansen
/// 2016, "The CMA evolution strategy: a tutorial", arXiv:1604.00772). For some ten to a few hundred numeric parameters
/// that depend on each other, and 100 trials or more.</summary>
/// <remarks>
/// <para>It searches the unit cube, in which every numeric range has length 1, logarithmic ones in the logarithm. It
/// starts in the middle with σ = 1/6 of the ranges. Samples outside are drawn anew, 10 times the dimensions at most,
/// then clipped. Whole numbers are rounded, and their deviation stays at 0.2 of a part or more, so that neighbours
/// remain in reach.</para>
/// <para>Choices and conditional parameters are random: CMA-ES has no order for the former and no values of the latter
/// where they do not exist. Where they decide, TPE does better.</para>
/// <para>A generation closes when as many trials have finished as it has members, whichever they are. Trials of an
/// earlier generation, enqueued and random ones count too, with their step shortened to what a sample may have (Hansen
/// 2011, "Injecting external solutions into CMA-ES", arXiv:1110.4181). Only ranks count: complete trials by value, then
/// pruned ones, those that came furthest first, then infeasible ones. Failed trials do not count.</para>
/// <para>Where the search stagnates it starts anew at a random point with a larger population (IPOP: Auger and Hansen
/// 2005, "A restart CMA evolution strategy with increasing population size").</para>
/// </remarks>
/// <example><code>
/// using var study = Study.InMemory("cma", sampler: new CmaEsSampler { Seed = 1 });
/// study.Optimize(
///     trial =>
///     {
///         double x = trial.Uniform("x", -2, 2), y = trial.Uniform("y", -1, 3);
///         return (100 * Math.Pow(y - (x * x), 2)) + Math.Pow(1 - x, 2); // Rosenbrock's valley
///     },
///     trials: 300);
/// </code></example>
public sealed record CmaEsSampler : Sampler
{
    /// <summary>How many finished trials with random parameters come first; 0 or more, 1 by default.</summary>
    [AtLeast(0)]
    public int StartUpTrials { get; init; } = 1;

    /// <summary>λ, the members of a generation; 2 or more. By default 4 + ⌊3 ln d⌋ in d dimensions (equation 48
    /// of the tutorial).</summary>
    [AtLeast(2)]
    public int? PopulationSize { get; init; }

    /// <summary>By how much a restart multiplies the population; 1 to 10, 2 by default, as Auger and
    /// Hansen have it.</summary>
    [AtLeast(1), AtMost(10)]
    public double PopulationGrowth { get; init; } = 2;

    /// <inheritdoc/>
    /// <exception cref="SamplerException">The study has several objectives.</exception>
    public override IReadOnlyDictionary<string, double> SampleJointly(
        History history, TrialRecord trial, IReadOnlyDictionary<string, Distribution> space)
    {
        Check(history);
        return Joint(history, trial, space) ?? base.SampleJointly(history, trial, space);
    }

    /// <inheritdoc/>
    public override string Proposal(History history, TrialRecord trial, IReadOnlyDictionary<string, Distribution> space) =>
        Begun(history) is null ? AtRandom : base.Proposal(history, trial, space);

    /// <inheritdoc/>
    /// <exception cref="SamplerException">The study has several objectives.</exception>
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution)
    {
        Check(history);
        // A sample outside of what the trial leaves of a range becomes the nearest number within, as samples outside of
        // the ranges do.
        return distribution.Whole is { } whole
            && Joint(history, trial, new Dictionary<string, Distribution> { [name] = whole })?.TryGetValue(name, out double drawn) == true
                ? distribution.Nearest(drawn)
                : distribution.FromUnit(Random(trial, name).NextDouble());
    }

    private Dictionary<string, double>? Joint(
        History history, TrialRecord trial, IReadOnlyDictionary<string, Distribution> wanted) =>
        Begun(history) is { } search ? search.Axes.Numbers(search.Propose(trial.Number), wanted) : null;

    /// <summary>The search with what it has learnt; <see langword="null"/> while trials are random.</summary>
    private CmaEsSearch? Begun(History history)
    {
        var axes = new SpaceAxes(SpaceAxes.Everywhere(history).Where(p => p.Value is not Choice), space: history.Space);
        if (axes.Count == 0)
        {
            return null;
        }

        var memory = history.Cache(this, () => new Memory());
        if (memory.Search?.Axes.SameAs(axes) != true)
        {
            // Define-by-run: the common parameters have changed.
            memory.Search = new(this, axes, history.Goals);
        }

        // Trials of a narrower range would draw the distribution together before it has seen the wider one.
        memory.Search.Read(history.Finished, from: history.Widenings.LastOrDefault(w => w.Now is not Choice)?.Trials ?? 0);
        return memory.Search.Learnt < StartUpTrials ? null : memory.Search;
    }

    private static void Check(History history)
    {
        if (history.Goals.Count > 1)
        {
            throw new SamplerException($"study '{history.StudyName}' has {history.Goals.Count} objectives but CMA-ES "
                + "searches for one; use nsga2 or tpe.");
        }
    }

    private sealed class Memory
    {
        public CmaEsSearch? Search { get; set; }
    }
}
