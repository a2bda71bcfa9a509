using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers.PopulationBased;

namespace MlNetDl.Search.Samplers;

/// <summary>Population-based training: trials go on from checkpoints of others, and their parameters change on the way
/// (Jaderberg et al. 2017, arXiv:1711.09846). For parameters that may change during a training, such as a learning
/// rate; not for those that change the shape of the weights.</summary>
/// <remarks>
/// <para>A trial is a part of a training: a fixed number of steps, after which it saves a checkpoint under its number
/// and gives its value. The first <see cref="PopulationSize"/> trials begin anew, with random parameters. They are a
/// generation; trial n of the next one goes on from trial n − <see cref="PopulationSize"/>, its predecessor, with the same
/// parameters. Where the predecessor is among the worst of its generation, failed, was pruned or still runs, the trial
/// exploits and explores instead: it goes on from one of the best, drawn at random, and with changed parameters.</para>
/// <para>The objective asks <see cref="ParentOf"/> for the trial to go on from, and loads that one's checkpoint. The choice
/// is a decision of the search, so it is a parameter, which <see cref="WithParent"/> adds to the space. It is recorded with
/// the others and is the same in every process and for every attempt. Analyses leave it out; the list of trials names the
/// parent instead. Checkpoints are the
/// objective's: keep those of the last <see cref="KeptTrials"/> trials, because no trial goes on from an older one.</para>
/// <para>Nobody waits. A generation is judged by those of its trials that are complete when the next trial is asked for, or
/// the generation before where none is; without any complete trial in three generations a trial begins anew. A trial
/// that ends after its successor has started can still be a parent for the rest of that generation. So take a
/// population of twice the workers or more, or half of each generation is not yet there to be compared.</para>
/// <para>To explore is, for each parameter, to draw it anew with <see cref="ResampleProbability"/>, else to multiply it by 1 ±
/// <see cref="Perturbation"/>, within its range. Whole numbers move by a step at least. Options have no neighbours, so they
/// are only drawn anew. Zero stays zero until it is drawn anew.</para>
/// <para>Values improve with the generation, so a study's best trial is mostly one of the last. What was
/// found is its <see cref="Lineage"/>: a schedule of parameters. Importances and slices mix parameters with the length of
/// the training. A pruner is of little use, because trials are short.</para>
/// </remarks>
/// <example><code>
/// var sampler = new PopulationBasedSampler { Seed = 1, PopulationSize = 10 };
/// var space = sampler.WithParent(SearchSpace.Of(("rateX", new Uniform(0, 1)), ("rateY", new Uniform(0, 1))));
/// using var study = Study.InMemory("population", Goal.Maximize, sampler, space: space);
/// var checkpoints = new ConcurrentDictionary&lt;int, (double X, double Y)>(); // files, in a training
/// study.Optimize(
///     trial =>
///     {
///         var (x, y) = PopulationBasedSampler.ParentOf(trial.Record) is { } parent ? checkpoints[parent] : (0.9, 0.9);
///         x -= 0.1 * trial.Uniform("rateX", 0, 1) * x;
///         y -= 0.1 * trial.Uniform("rateY", 0, 1) * y;
///         checkpoints[trial.Number] = (x, y);
///         return 1.2 - (x * x) - (y * y);
///     },
///     trials: 200); // 20 steps of a population of 10
/// </code></example>
public sealed record PopulationBasedSampler : Sampler
{
    /// <summary>The parameter that says how many trials before a trial its parent is; 0 where it begins anew.</summary>
    public const string ParentDistance = "parentDistance";

    // Generations whose checkpoints a trial may go on from: the one before, and two more where nothing came of it.
    private const int Generations = 3;

    /// <summary>The trials of a generation; 2 or more. 20 by default: enough for a quarter to be several trials, and few
    /// enough for many generations. The paper takes 30 to 80, with as many workers.</summary>
    [AtLeast(2)]
    public int PopulationSize { get; init; } = 20;

    /// <summary>The share of a generation that is given up, and the share of the best that take its place; above 0, 0.5 at
    /// most, at least one trial. 0.25 by default, as in Ray Tune; the paper takes 0.2.</summary>
    [Above(0), AtMost(0.5)]
    public double Quantile { get; init; } = 0.25;

    /// <summary>The probability that a parameter that is explored is drawn anew; 0 to 1, 0.25 by default, as in
    /// Ray Tune.</summary>
    [AtLeast(0), AtMost(1)]
    public double ResampleProbability { get; init; } = 0.25;

    /// <summary>By which share a parameter that is explored grows or shrinks, each as likely; above 0, below 1. 0.2 by
    /// default, as in the paper: times 1.2 or 0.8.</summary>
    [Above(0), Below(1)]
    public double Perturbation { get; init; } = 0.2;

    /// <summary>How many of the latest trials may be parents of the next one: those of the last four generations. The
    /// checkpoints of all others can be deleted, but for the parents of trials that have not ended.</summary>
    public long KeptTrials => (Generations + 1L) * PopulationSize;

    /// <summary>Whether a parameter is one of the search; <see cref="ParentDistance"/> is the sampler's own, and no value of
    /// the objective.</summary>
    /// <param name="parameter">The parameter's name.</param>
    public static bool IsSearched(string parameter) => parameter != ParentDistance;

    /// <summary>A space with the parameter that says which trial another one goes on from; it belongs to the population's
    /// size.</summary>
    /// <param name="space">The space that is searched.</param>
    /// <exception cref="ArgumentException">The space has a parameter of that name already.</exception>
    public SearchSpace WithParent(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        var distance = new Integer(0, KeptTrials - 1);
        return (space with { Parameters = [new(ParentDistance, distance), .. space.Parameters] }).Checked();
    }

    /// <summary>The trial from whose checkpoint another one goes on; <see langword="null"/> where it begins anew.</summary>
    /// <param name="trial">The other one, such as <see cref="Trial.Record"/>.</param>
    /// <exception cref="ArgumentException">The space has no parameter for it, or it was fixed before the first
    /// trial.</exception>
    public static int? ParentOf(TrialRecord trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        if (!trial.Numbers.TryGetValue(ParentDistance, out double distance))
        {
            throw new ArgumentException($"trial {trial.Number} has no parameter '{ParentDistance}', so it goes on from no "
                + $"other; declare the study's space by {nameof(PopulationBasedSampler)}.{nameof(WithParent)}.");
        }

        if (distance > trial.Number)
        {
            throw new ArgumentException(
                $"trial {trial.Number} was enqueued with {ParentDistance} {distance}; there are only {trial.Number} trials before it.");
        }

        return TryParentOf(trial, out int parent) ? parent : null;
    }

    /// <summary>The trial from whose checkpoint another one goes on, where there is one.</summary>
    /// <param name="trial">The other one, of any study.</param>
    /// <param name="parent">The number of the trial that it goes on from.</param>
    /// <returns>Whether it goes on from one: not where it begins anew, has no parameters yet, or belongs to no
    /// population.</returns>
    public static bool TryParentOf(TrialRecord trial, out int parent)
    {
        ArgumentNullException.ThrowIfNull(trial);
        bool goesOn = trial.Numbers.TryGetValue(ParentDistance, out double distance) && distance > 0 && distance <= trial.Number;
        parent = goesOn ? trial.Number - (int)distance : -1;
        return goesOn;
    }

    /// <summary>The trials that led to one, itself the last: the schedule of its parameters.</summary>
    /// <param name="history">The study.</param>
    /// <param name="trial">The trial, such as the best.</param>
    /// <exception cref="ArgumentException">The space has no parameter for parents.</exception>
    public static IReadOnlyList<TrialRecord> Lineage(History history, TrialRecord trial)
    {
        ArgumentNullException.ThrowIfNull(history);
        var line = new List<TrialRecord> { trial };
        while (ParentOf(line[^1]) is { } parent)
        {
            line.Add(history.Trials[parent]);
        }

        line.Reverse();
        return line;
    }

    /// <inheritdoc/>
    /// <exception cref="SamplerException">The study has no declared space, or several objectives.</exception>
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution)
    {
        Check(history);

        // The parent that is recorded, or was fixed, decides on all other parameters.
        int distance = trial.Numbers.TryGetValue(ParentDistance, out double known) && known <= trial.Number
            ? (int)known
            : Distance(history, trial);
        if (name == ParentDistance)
        {
            if (!distribution.Contains(distance))
            {
                throw new SamplerException($"parameter '{name}' is {distribution} in study '{history.StudyName}' but a population "
                    + $"of {PopulationSize} needs another; declare the space by {nameof(WithParent)} of this sampler.");
            }

            return distance;
        }

        var random = Random(trial, name);
        return distance == 0 || !history.Trials[trial.Number - distance].Numbers.TryGetValue(name, out double number)
                ? distribution.FromUnit(random.NextDouble())
            : distance == PopulationSize ? distribution.Whole is null ? number : distribution.Nearest(number)
            : random.NextDouble() < ResampleProbability ? distribution.FromUnit(random.NextDouble())
            : Neighbour.Of(distribution, number, random.NextDouble() < 0.5 ? 1 + Perturbation : 1 - Perturbation);
    }

    /// <inheritdoc/>
    /// <exception cref="SamplerException">The study has no declared space, or several objectives.</exception>
    public override string Proposal(History history, TrialRecord trial, IReadOnlyDictionary<string, Distribution> space)
    {
        Check(history);
        int distance = Distance(history, trial);
        return distance == 0
            ? AtRandom
            : string.Create(CultureInfo.InvariantCulture, $"{base.Proposal(history, trial, space)}: "
                + $"{(distance == PopulationSize ? "goes on" : "explores")} from {trial.Number - distance}");
    }

    private int Distance(History history, TrialRecord trial) =>
        new Population(history, PopulationSize, Generations, Quantile).ParentOf(trial.Number, Random(trial, "population parent"));

    private static void Check(History history)
    {
        if (history.Space is null)
        {
            throw new SamplerException("population-based training needs a declared space with the parameter of "
                + $"{nameof(PopulationBasedSampler)}.{nameof(WithParent)}, but study '{history.StudyName}' has none.");
        }

        if (history.Goals.Count > 1)
        {
            throw new SamplerException($"study '{history.StudyName}' has {history.Goals.Count} objectives but a population is "
                + "ranked by one; use nsga2 or tpe.");
        }
    }
}
