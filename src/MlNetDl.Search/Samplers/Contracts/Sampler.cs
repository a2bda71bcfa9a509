using MlNetDl.Configuration;
using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers;

/// <summary>Proposes parameters. A record of pure data. Its knowledge lies in the history, and state that it needs
/// repeatedly in <see cref="History.Cache"/>.</summary>
/// <remarks>Proposals follow from seed, trial number and history alone: the same when a study is run twice, or killed
/// and reopened. <c>SamplerContract</c> of the package MlNetDl.Testing checks that.</remarks>
public abstract record Sampler : ICheckedRecord
{
    /// <summary>The seed of its random numbers; 1 by default.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Numbers for parameters that are known before the trial runs, drawn together. Default: none.</summary>
    /// <param name="history">The study so far.</param>
    /// <param name="trial">The trial, as it was before it had any parameter.</param>
    /// <param name="space">The unconditional parameters of the declared space, or those common to all complete trials
    /// (<see cref="History.Common"/>); without those that have one value only or are fixed. Never empty.</param>
    /// <returns>Numbers for any of them.</returns>
    /// <exception cref="SamplerException">It cannot search such a study.</exception>
    public virtual IReadOnlyDictionary<string, double> SampleJointly(
        History history, TrialRecord trial, IReadOnlyDictionary<string, Distribution> space) =>
        None;

    /// <summary>A number for one parameter that <see cref="SampleJointly"/> left out, or for which it gave a number outside of
    /// what other parameters leave of its range.</summary>
    /// <param name="history">The study so far.</param>
    /// <param name="trial">The trial, with the parameters that it has already.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="distribution">Its distribution, more than one value. In a trial where other parameters leave a part of its
    /// range it is that part, and <see cref="Distribution.Whole"/> what the study has: <c>distribution.Whole ?? distribution</c>
    /// equals the one in <see cref="History.Parameters"/>. The part may be another one in every trial, so keep what is learnt
    /// by name, or by the whole.</param>
    /// <returns>A number within the distribution.</returns>
    /// <exception cref="SamplerException">It cannot search such a study.</exception>
    public abstract double Sample(History history, TrialRecord trial, string name, Distribution distribution);

    /// <summary>How it came to the parameters of a trial, for people to read: a word, and after a colon what more there is to
    /// say, such as <c>populationBased: goes on from 3</c>. One line. By default its name in the catalog, or that of its type.
    /// A sampler whose first trials are drawn otherwise says so, such as <c>random</c>.</summary>
    /// <param name="history">The study so far, as <see cref="SampleJointly"/> was given it.</param>
    /// <param name="trial">The trial, as it was before it had any parameter.</param>
    /// <param name="space">The parameters that <see cref="SampleJointly"/> was given; empty where it was not asked.</param>
    /// <remarks>Asked once for a trial, and not for one that was enqueued with values. The answer is recorded
    /// (<see cref="TrialRecord.Proposal"/>) and changes no proposal.</remarks>
    public virtual string Proposal(History history, TrialRecord trial, IReadOnlyDictionary<string, Distribution> space) =>
        CatalogRegistry.For(GetType())?.EntryOf(GetType())?.Name ?? GetType().Name;

    /// <summary>The number of trials after which it has nothing new to propose: <see cref="Study.Optimize(Func{Trial, double}, int?,
    /// TimeSpan?, int, Func{TrialRecord, bool}, CancellationToken)"/> ends there. <see langword="null"/> by default: there is
    /// always more.</summary>
    /// <param name="history">The study so far.</param>
    /// <exception cref="SamplerException">It cannot search such a study.</exception>
    public virtual int? MostTrials(History history) => null;

    /// <summary>Problems beside the ranges of its members: broken rules between them. None by default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];

    /// <summary>Random numbers that follow from seed, trial number and purpose alone: the same after a restart. Never
    /// keep a generator between calls.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="purpose">The purpose, such as the parameter's name. Other purposes give other numbers.</param>
    protected TrialRandom Random(TrialRecord trial, string purpose) => new(Seed, trial.Number, purpose);

    /// <summary>What a sampler says of a trial that it drew at random.</summary>
    internal const string AtRandom = "random";

    private static IReadOnlyDictionary<string, double> None { get; } = new Dictionary<string, double>();
}
