using MlNetDl.Search.Distributions;

namespace MlNetDl.Search;

/// <summary>Changes of a study after a revision.</summary>
/// <param name="Revision">The study's revision now: the next read continues there.</param>
/// <param name="Parameters">New parameters of the study, and those whose distribution was widened, in order of their first
/// suggestion.</param>
/// <param name="Trials">Trials that are new or changed otherwise than by reports, whole, in order of number. Of a finished
/// trial only attributes and notes change.</param>
/// <param name="Reports">New reports under <c>StudyStore.ObjectiveKey</c> of trials' current attempts, also those
/// carried over into them, in order of number and step.</param>
public sealed record StudyChanges(
    long Revision,
    IReadOnlyList<KeyValuePair<string, Distribution>> Parameters,
    IReadOnlyList<StoredTrial> Trials,
    IReadOnlyList<StoredReport> Reports)
{
    /// <summary>Distributions that were widened, in order.</summary>
    public IReadOnlyList<Widening> Widenings { get; init; } = [];
}

/// <summary>A parameter got a wider range or further options after the study had trials.</summary>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Before">The distribution until then.</param>
/// <param name="Now">The distribution from then on.</param>
/// <param name="Trials">Trials with a number below this were searched in <paramref name="Before"/>.</param>
public sealed record Widening(string Parameter, Distribution Before, Distribution Now, int Trials);

/// <summary>Something that a person wrote down about a trial.</summary>
/// <param name="At">When.</param>
/// <param name="Text">What.</param>
public sealed record TrialNote(DateTimeOffset At, string Text);

/// <summary>A trial as its store has it, without reports.</summary>
public sealed record StoredTrial
{
    internal static IReadOnlyDictionary<string, Option> Nothing { get; } = new Dictionary<string, Option>();

    internal static IReadOnlyDictionary<string, Option> InOrder(
        IEnumerable<KeyValuePair<string, Option>> named) =>
        new OrderedDictionary<string, Option>(named.OrderBy(f => f.Key, StringComparer.Ordinal))
                is { Count: > 0 } values
            ? values
            : Nothing;

    /// <summary>Its number.</summary>
    public required int Number { get; init; }

    /// <summary>Its state.</summary>
    public required TrialState State { get; init; }

    /// <summary>The state as the store has it, where a newer program wrote one that this one does not know;
    /// <see langword="null"/> for others.</summary>
    public string? UnknownState { get; init; }

    /// <summary>The current attempt, from 1; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>Who runs or ran the current attempt; <see langword="null"/> before the first.</summary>
    public string? Worker { get; init; }

    /// <summary>When the current attempt started, also when it was given back meanwhile; <see langword="null"/>
    /// before the first.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it finished or was cancelled, never before it started; <see langword="null"/> until
    /// then.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>The study's revision by which it finished, which gives the order of finishing;
    /// <see langword="null"/> until then.</summary>
    public long? FinishedRevision { get; init; }

    /// <summary>Why it failed; <see langword="null"/> if it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it failed because its workers died or hung too often. Such a failure says nothing about the
    /// trial's parameters, so samplers pass over it.</summary>
    public bool IsLost { get; init; }

    /// <summary>The objectives' values; of a pruned trial its last report, if any. Empty until then, and
    /// when it failed.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>By how much each constraint is violated: 0 or less for not. Empty until it finished, and
    /// for no constraint.</summary>
    public IReadOnlyList<double> Constraints { get; init; } = [];

    /// <summary>Values by name, in order of name, that were fixed when the trial was enqueued;
    /// empty for others.</summary>
    public IReadOnlyDictionary<string, Option> Fixed { get; init; } = Nothing;

    /// <summary>What was said about the trial beside its results, by name, in order of name.</summary>
    public IReadOnlyDictionary<string, Option> Attributes { get; init; } = Nothing;

    /// <summary>What people wrote down about it, in order.</summary>
    public IReadOnlyList<TrialNote> Notes { get; init; } = [];

    /// <summary>How the search came to its parameters, as the first <c>StudyStore.Suggest</c> said; <see langword="null"/>
    /// until then.</summary>
    public string? Proposal { get; init; }

    /// <summary>Numbers of parameters in order of suggestion. They belong to the trial, not to an attempt: a new
    /// attempt has the same.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Numbers { get; init; } = [];
}

/// <summary>A report as its store has it.</summary>
/// <param name="Number">The trial's number.</param>
/// <param name="Step">The step.</param>
/// <param name="Value">The value; NaN and infinities too.</param>
public readonly record struct StoredReport(int Number, long Step, double Value);
