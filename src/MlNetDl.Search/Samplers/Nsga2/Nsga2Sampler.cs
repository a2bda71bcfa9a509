using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers.Nsga2;

namespace MlNetDl.Search.Samplers;

/// <summary>NSGA-II, a genetic algorithm for one, two or three objectives (Deb, Pratap, Agarwal and Meyarivan
/// 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II"). For spaces of any kind and some hundred
/// trials or more.</summary>
/// <remarks>
/// <para>The first generation is random. Whenever a generation's number of trials has finished, in whatever order, the
/// best of parents and children become the parents: by non-dominated sorting, then by crowding distance. Trials that
/// violate constraints come after all that keep them, by how much they do.</para>
/// <para>A child has two parents, each the better of two drawn at random. It takes each parameter from one of them, and
/// draws it anew where it mutates. A parameter that only one parent has, as in a branch, is that one's; one that
/// neither has is random.</para>
/// <para>Where other parameters of the trial leave a part of a range, a number of the parents outside of it becomes the
/// nearest one within.</para>
/// <para>Pruned trials fill their generation but are no parents. Failed trials do not count.</para>
/// </remarks>
/// <example><code>
/// var options = new StudyOptions { Goals = [Goal.Minimize, Goal.Maximize], Sampler = new Nsga2Sampler { Seed = 1, PopulationSize = 20 } };
/// using var study = Study.InMemory("cost and accuracy", options);
/// study.Optimize(
///     trial =>
///     {
///         int width = trial.Integer("width", 8, 512, log: true);
///         double rate = trial.LogUniform("rate", 1e-4, 1);
///         return [width, 1 - (1.0 / width) - Math.Pow(Math.Log10(rate) + 2, 2)];
///     },
///     trials: 200);
/// </code></example>
public sealed record Nsga2Sampler : Sampler
{
    /// <summary>The trials of a generation; 2 or more, 50 by default: enough to spread over a front, and few enough for
    /// several generations in some hundred trials.</summary>
    [AtLeast(2)]
    public int PopulationSize { get; init; } = 50;

    /// <summary>The probability that a child has two parents instead of one; 0 to 1, 0.9 by default, as
    /// in the paper.</summary>
    [AtLeast(0), AtMost(1)]
    public double CrossoverProbability { get; init; } = 0.9;

    /// <summary>The probability, for each parameter, that a child of two parents takes it from the second; 0 to 1, 0.5
    /// by default: uniform crossover (Syswerda 1989).</summary>
    [AtLeast(0), AtMost(1)]
    public double SwappingProbability { get; init; } = 0.5;

    /// <summary>The probability, for each parameter, that it is drawn anew; 0 to 1. By default 1/d for d parameters, as
    /// in the paper: one mutation a child on average.</summary>
    [AtLeast(0), AtMost(1)]
    public double? MutationProbability { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> SampleJointly(
        History history, TrialRecord trial, IReadOnlyDictionary<string, Distribution> space) =>
        Child(history, trial) is { } child
            ? space.Where(p => history.Space?.Find(p.Key) is not { IsBounded: true })
                .ToDictionary(p => p.Key, p => Gene(child, trial, p.Key, p.Value))
            : base.SampleJointly(history, trial, space);

    /// <inheritdoc/>
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution) =>
        Child(history, trial) is { } child
            ? Gene(child, trial, name, distribution)
            : distribution.FromUnit(Random(trial, name).NextDouble());

    /// <inheritdoc/>
    public override string Proposal(History history, TrialRecord trial, IReadOnlyDictionary<string, Distribution> space) =>
        Child(history, trial) is null ? AtRandom : base.Proposal(history, trial, space);

    // The parents follow from the trial's number and the generation, so that all parameters of a trial have the same.
    private (TrialRecord First, TrialRecord? Second)? Child(History history, TrialRecord trial)
    {
        var population = history.Cache(this, () => new Nsga2Population(PopulationSize));
        population.Read(history);
        if (population.Parents.Count == 0)
        {
            return null;
        }

        var random = Random(trial, "nsga2 parents");
        return (population.Tournament(random), random.NextDouble() < CrossoverProbability ? population.Tournament(random) : null);
    }

    private double Gene((TrialRecord First, TrialRecord? Second) child, TrialRecord trial, string name, Distribution distribution)
    {
        var random = Random(trial, name);
        double mutation = MutationProbability ?? 1.0 / Math.Max(1, child.First.Distributions.Values.Count(d => !d.IsSingle));
        bool mutates = random.NextDouble() < mutation, swaps = random.NextDouble() < SwappingProbability;
        var (first, second) = swaps && child.Second is not null ? (child.Second, child.First) : (child.First, child.Second);
        return !mutates && (first.Numbers.TryGetValue(name, out double number) || second?.Numbers.TryGetValue(name, out number) == true)
            ? distribution.Whole is null ? number : distribution.Nearest(number)
            : distribution.FromUnit(random.NextDouble());
    }
}
