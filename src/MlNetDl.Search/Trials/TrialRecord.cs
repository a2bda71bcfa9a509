using System.Globalization;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search;

/// <summary>A trial as data: an immutable snapshot.</summary>
public sealed record TrialRecord
{
    /// <summary>Its number in the study, from 0, without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>Where it stands.</summary>
    public required TrialState State { get; init; }

    /// <summary>The state in the words of the newer program that wrote it, where <see cref="State"/> is
    /// <see cref="TrialState.Unknown"/>; otherwise <see langword="null"/>.</summary>
    public string? UnknownState { get; init; }

    /// <summary>The number of each parameter by name, in order of suggestion; see <see cref="Distribution"/>.</summary>
    public IReadOnlyDictionary<string, double> Numbers { get; init; } = NoNumbers;

    /// <summary>The distribution of each parameter by name.</summary>
    public IReadOnlyDictionary<string, Distribution> Distributions { get; init; } = NoDistributions;

    /// <summary>Values by name, in order of name, that were fixed when the trial was enqueued
    /// (<see cref="Study.Enqueue"/>); empty for others. They are <see cref="Numbers"/> once the objective
    /// asks for them.</summary>
    public IReadOnlyDictionary<string, Option> Fixed { get; init; } = StoredTrial.Nothing;

    /// <summary>The <see cref="Proposal"/> of a trial that was enqueued with values.</summary>
    public const string Enqueued = "enqueued";

    /// <summary>How the search came to its parameters: what its sampler said (<see cref="Samplers.Sampler.Proposal"/>), or
    /// <see cref="Enqueued"/>; <see langword="null"/> before it has any, and of a trial that an older program began.</summary>
    public string? Proposal { get; init; }

    /// <summary>The first word of <see cref="Proposal"/>, such as <c>populationBased</c>.</summary>
    internal string? ProposedBy => Proposal?.Split(':')[0].Trim();

    /// <summary>The objectives' values; empty until complete. A pruned trial has its last report, if any.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>By how much each constraint is violated: feasible when all are 0 or less. Empty: none.</summary>
    public IReadOnlyList<double> Constraints { get; init; } = [];

    /// <summary>Intermediate values of the current attempt, also those of earlier ones up to the checkpoint from which
    /// it went on, in order of step.</summary>
    public IReadOnlyList<Report> Reports { get; init; } = [];

    /// <summary>When its current attempt started; <see langword="null"/> while it waits, also after it was given back,
    /// and when it was cancelled.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it finished, or was cancelled.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Which attempt runs or ran last, from 1; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>Who runs or ran it; <see langword="null"/> before the first attempt.</summary>
    public string? Worker { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it failed because its workers died or hung too often. Such a failure says nothing about the
    /// trial's parameters, so samplers pass over it.</summary>
    public bool IsLost { get; init; }

    /// <summary>What was said about it beside its results, by name, in order of name; see
    /// <see cref="Trial.SetAttribute"/>.</summary>
    public IReadOnlyDictionary<string, Option> Attributes { get; init; } = StoredTrial.Nothing;

    /// <summary>What people wrote down about it, in order; see <see cref="Study.Note"/>.</summary>
    public IReadOnlyList<TrialNote> Notes { get; init; } = [];

    /// <summary>Whether nothing about it will change any more but its attributes and notes.</summary>
    public bool IsFinished => State is TrialState.Complete or TrialState.Pruned or TrialState.Failed or TrialState.Cancelled;

    /// <summary>Whether it keeps all constraints; also when it has none. A NaN violates.</summary>
    public bool IsFeasible
    {
        get
        {
            foreach (double violation in Constraints)
            {
                if (!(violation <= 0))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>The first objective's value.</summary>
    /// <exception cref="InvalidOperationException">There is none (yet).</exception>
    public double Value
    {
        get
        {
            if (Values.Count == 0)
            {
                throw new InvalidOperationException($"trial {Number} is {State} and has no value.");
            }

            return Values[0];
        }
    }

    private static IReadOnlyDictionary<string, double> NoNumbers { get; } = new Dictionary<string, double>();

    private static IReadOnlyDictionary<string, Distribution> NoDistributions { get; } = new Dictionary<string, Distribution>();

    /// <summary>Number, state, parameters and values, for people: six significant digits. Of a trial that did not run
    /// yet the parameters that are fixed.</summary>
    public override string ToString() => string.Join(' ', ((string[])
    [
        $"trial {Number} ({State})",
        string.Join(
            ", ",
            Numbers.Keys.Select(n => $"{n}: {Text(ValueOf(n))}")
                .Concat(FixedAhead.Select(f => $"{f.Key}: {Text(f.Value.Plain())}"))),
        Values.Count > 0 || Error is not null ? $"-> {string.Join(", ", Values.Select(v => Text(v)))}{Error}" : "",
    ]).Where(part => part.Length > 0));

    /// <summary>Fixed values that the objective has not asked for yet, while it still may.</summary>
    internal IEnumerable<KeyValuePair<string, Option>> FixedAhead =>
        State is TrialState.Waiting or TrialState.Cancelled ? Fixed.Where(f => !Numbers.ContainsKey(f.Key)) : [];

    /// <summary>The parameters' values by name, in the order in which they were suggested: a <see cref="double"/>, a
    /// <see cref="long"/>, or the chosen option.</summary>
    public IReadOnlyDictionary<string, object?> Parameters =>
        new OrderedDictionary<string, object?>(Numbers.Keys.Select(n => KeyValuePair.Create(n, ValueOf(n))));

    /// <summary>A parameter's value: a <see cref="double"/>, a <see cref="long"/>, or the chosen option without its
    /// type (a whole number is a <see cref="long"/>, also among reals); see <see cref="ValueOf{T}"/>.</summary>
    public object? ValueOf(string parameter) => Distributions[parameter].ToValue(Numbers[parameter]);

    /// <summary>A parameter's value as a type: what the number or the chosen option is in JSON must be one.</summary>
    /// <typeparam name="T">The type, such as <see cref="double"/>, an enum or a record.</typeparam>
    /// <exception cref="Configuration.ConfigurationException">It is no such value.</exception>
    public T? ValueOf<T>(string parameter) =>
        (Distributions[parameter] is Choice choice ? choice.Options[(int)Numbers[parameter]] : Option.Of(ValueOf(parameter))).As<T>();

    private static string Text(object? value) => value is double number
        ? number.ToString("G6", CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null";
}
