using MlNetDl.Search.Distributions;

namespace MlNetDl.Search;

/// <summary>Changes of a study after a revision.</summary>
/// <param name="Revision">The study's revision now: the next read continues there.</param>
/// <param name="Parameters">New parameters of the study, in order of their first suggestion.</param>
/// <param name="Trials">Trials that are new or changed otherwise than by reports, whole, in order of number.</param>
/// <param name="Reports">New reports under <c>StudyStore.ObjectiveKey</c> of trials' current attempts, also those
/// carried over into them, in order of number and step.</param>
public sealed record StudyChanges(
    long Revision,
    IReadOnlyList<KeyValuePair<string, Distribution>> Parameters,
    IReadOnlyList<StoredTrial> Trials,
    IReadOnlyList<StoredReport> Reports);

/// <summary>A trial as its store has it, without reports.</summary>
public sealed record StoredTrial
{
    internal static IReadOnlyDictionary<string, Option> NothingFixed { get; } = new Dictionary<string, Option>();

    internal static IReadOnlyDictionary<string, Option> InOrder(
        IEnumerable<KeyValuePair<string, Option>> fixedValues) =>
        new OrderedDictionary<string, Option>(fixedValues.OrderBy(f => f.Key, StringComparer.Ordinal))
                is { Count: > 0 } values
            ? values
            : NothingFixed;

    /// <summary>Its number.</summary>
    public required int Number { get; init; }

    /// <summary>Its state.</summary>
    public required TrialState State { get; init; }

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

    /// <summary>The objectives' values; of a pruned trial its last report, if any. Empty until then, and
    /// when it failed.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>By how much each constraint is violated: 0 or less for not. Empty until it finished, and
    /// for no constraint.</summary>
    public IReadOnlyList<double> Constraints { get; init; } = [];

    /// <summary>Values by name, in order of name, that were fixed when the trial was enqueued;
    /// empty for others.</summary>
    public IReadOnlyDictionary<string, Option> Fixed { get; init; } = NothingFixed;

    /// <summary>Numbers of parameters in order of suggestion. They belong to the trial, not to an attempt: a new
    /// attempt has the same.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Numbers { get; init; } = [];
}

/// <summary>A report as its store has it.</summary>
/// <param name="Number">The trial's number.</param>
/// <param name="Step">The step.</param>
/// <param name="Value">The value; NaN and infinities too.</param>
public readonly record struct StoredReport(int Number, long Step, double Value);
