using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Contracts;

/// <summary>What every sampler keeps. A new sampler is checked by handing each fact a function that makes it with its default settings.</summary>
/// <example><code>
/// foreach (var fact in SamplerContract.Facts)
/// {
///     fact.Check(() => new MySampler());
/// }
/// </code></example>
public static partial class SamplerContract
{
    /// <summary>The statements with their checks. A sampler that by its nature cannot keep one (a grid has no seed) leaves it out and says why.</summary>
    public static IReadOnlyList<ContractFact<Func<Sampler>>> Facts { get; } =
    [
        new("Every proposal lies within its distribution and on its grid", EveryProposalLiesWithin),
        new("Conditional parameters are proposed where they exist, and only there", ConditionalParameters),
        new("Extreme ranges are searched: tiny, huge, logarithmic over hundreds of decades", ExtremeRanges),
        new("Parameters with a single value have it", SingleValues),
        new("Without a declared space it proposes, or refuses with a SamplerException", WithoutASpace),
        new("Fixed parameters of an enqueued trial stay as they are", FixedParameters),
        new("It works with failed, pruned, running, infeasible and infinite trials", TrialsOfAllStates),
        new("It searches several objectives, or refuses with a SamplerException", SeveralObjectives),
        new("It takes values of any goal alike", GoalsAreAlike),
        new("The same seed proposes the same", TheSameSeedProposesTheSame),
        new(OtherSeeds, AnotherSeedProposesOtherwise),
        new("A reopened study proposes what it would have proposed", AReopenedStudyProposesTheSame),
        new("Proposals do not depend on the thread, nor on other studies with the same sampler", ProposalsDoNotDependOnTheThread),
        new("It does not change the history, and asked twice it proposes the same", TheHistoryStaysAsItIs),
        new("Settings far out of range are refused", SettingsOutOfRange),
    ];

    /// <summary>The name of the statement that other seeds give other proposals; samplers without randomness leave it out.</summary>
    public const string OtherSeeds = "Another seed proposes otherwise";
}
