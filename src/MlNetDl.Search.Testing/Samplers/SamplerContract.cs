using MlNetDl.Search;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Testing;

/// <summary>The contract of every sampler.</summary>
/// <example><code>
/// SamplerContract.Of(() => new MySampler()).RunAll();
/// </code></example>
public static partial class SamplerContract
{
    /// <summary>The name of the statement that other seeds give other proposals. Samplers without randomness
    /// leave it out.</summary>
    public const string OtherSeeds = "Another seed proposes otherwise";

    private static readonly FactList<Func<Sampler>> List = new()
    {
        { "Every proposal lies within its distribution and on its grid", EveryProposalLiesWithin },
        { "Conditional parameters are proposed where they exist, and only there", ConditionalParameters },
        { "Extreme ranges are searched: tiny, huge, logarithmic over hundreds of decades", ExtremeRanges },
        { "Parameters with a single value have it", SingleValues },
        { "Without a declared space it proposes, or refuses with a SamplerException", WithoutASpace },
        { "Ranges that depend on other parameters are kept, declared or asked for", DependentRanges },
        { "Fixed parameters of an enqueued trial stay as they are", FixedParameters },
        { "It works with failed, pruned, running, infeasible and infinite trials", TrialsOfAllStates },
        { "It searches several objectives, or refuses with a SamplerException", SeveralObjectives },
        { "It takes values of any goal alike", GoalsAreAlike },
        { "The same seed proposes the same", TheSameSeedProposesTheSame },
        { OtherSeeds, AnotherSeedProposesOtherwise },
        { "A reopened study proposes what it would have proposed", AReopenedStudyProposesTheSame },
        { "Proposals do not depend on the thread, nor on other studies with the same sampler", ProposalsDoNotDependOnTheThread },
        { "It does not change the history, and asked twice it proposes the same and says how", TheHistoryStaysAsItIs },
        {
            "Settings far out of range are refused",
            make => Settings.MustBeRefused(make(), wholeNumber: int.MinValue, but: nameof(Sampler.Seed))
        },
    };

    /// <summary>The facts of a sampler.</summary>
    /// <param name="make">Makes it with the settings that are checked.</param>
    public static IReadOnlyList<ContractFact> Of(Func<Sampler> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        var sampler = make();
        return [.. ComponentContract.Of(sampler), .. List.Of(ComponentContract.NameOf(sampler), make)];
    }
}
