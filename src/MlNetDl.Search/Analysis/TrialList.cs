using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Analysis;

/// <summary>All trials with all that is known of them but their reports: a row a trial.</summary>
/// <param name="Objectives">The objectives.</param>
/// <param name="Parameters">The searched parameters in order of name.</param>
/// <param name="Trials">The trials in order of number.</param>
public sealed record TrialList(
    IReadOnlyList<ObjectiveAxis> Objectives, IReadOnlyList<ParameterAxis> Parameters, IReadOnlyList<TrialRecord> Trials)
{
    /// <summary>The parameters that were widened after the study had trials, in order; none by default.</summary>
    public IReadOnlyList<Widening> Widenings { get; init; } = [];

    /// <summary>The names of the declared constraints, in order; none by default.</summary>
    public IReadOnlyList<string> Constraints { get; init; } = [];

    /// <summary>The trials of a study.</summary>
    public static TrialList Of(History history) => new(
        [.. history.Goals.Select((_, i) => ObjectiveAxis.Of(history, i))],
        [.. ParameterAxis.Searched(history).Select(p => p.Key).Order(StringComparer.Ordinal).Select(p => ParameterAxis.Of(history, p))],
        [.. history.Trials])
    {
        Widenings = history.Widenings.ToArray(),
        Constraints = [.. history.Space?.Constraints.Select(c => c.Name) ?? []],
    };

    /// <summary>The trials as a table. Parameters have the prefix <c>param.</c>, so that none is taken for
    /// another column; of a trial that waits they are what was fixed when it was enqueued. Constraints, with the prefix
    /// <c>constraint.</c>, are amounts of violation; without declared ones they are numbered from 0. Attributes have the
    /// prefix <c>attribute.</c>. <c>narrower</c> names the parameters of a trial that were searched in a narrower range, or
    /// with fewer options, than now. <c>proposal</c> is what
    /// proposed a trial (<see cref="TrialRecord.Proposal"/>), <c>parent</c> the trial that it goes on from in a population. Columns
    /// of these, of attributes, <c>notes</c> and <c>narrower</c> are there where a trial has some.</summary>
    public AnalysisTable ToTable()
    {
        int constraints = Trials.Select(t => t.Constraints.Count).DefaultIfEmpty().Max();
        var attributes = Trials.SelectMany(t => t.Attributes.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        bool notes = Trials.Any(t => t.Notes.Count > 0), narrower = Trials.Any(t => Narrower(t).Any());
        bool said = Trials.Any(t => t.Proposal is not null), goOn = Trials.Any(t => Parent(t) is not null);
        return new(
            "trials",
            [
                "number",
                "state",
                .. Objectives.Select(o => o.Name),
                .. Parameters.Select(p => p.Column),
                .. Enumerable.Range(0, constraints).Select(i => i < Constraints.Count ? $"constraint.{Constraints[i]}" : $"constraint{i}"),
                "reports",
                "attempt",
                "worker",
                "started",
                "finished",
                "seconds",
                "error",
                .. (string[])(said ? ["proposal"] : []),
                .. (string[])(goOn ? ["parent"] : []),
                .. attributes.Select(a => $"attribute.{a}"),
                .. (string[])(notes ? ["notes"] : []),
                .. (string[])(narrower ? ["narrower"] : []),
            ],
            [
                .. Trials.Select(t => (IReadOnlyList<object?>)
                [
                    .. Row(t, constraints),
                    .. (object?[])(said ? [t.Proposal] : []),
                    .. (object?[])(goOn ? [Parent(t)] : []),
                    .. attributes.Select(a => t.Attributes.TryGetValue(a, out var value) ? Cell(value) : null),
                    .. (object?[])(notes ? [Lines(t.Notes.Select(n => n.Text))] : []),
                    .. (object?[])(narrower ? [Lines(Narrower(t))] : []),
                ]),
            ]);
    }

    /// <summary>The table as comma-separated values; see <see cref="AnalysisTable.ToCsv"/>.</summary>
    public string ToCsv() => ToTable().ToCsv();

    /// <summary>The table as JSON; see <see cref="AnalysisTable.ToJson"/>.</summary>
    public string ToJson() => ToTable().ToJson();

    private static int? Parent(TrialRecord trial) => PopulationBasedSampler.TryParentOf(trial, out int parent) ? parent : null;

    private IEnumerable<string> Narrower(TrialRecord trial) => Widenings
        .Where(w => trial.Number < w.Trials && trial.Numbers.ContainsKey(w.Parameter)).Select(w => w.Parameter).Distinct();

    private static string? Lines(IEnumerable<string> texts) => string.Join('\n', texts) is { Length: > 0 } text ? text : null;

    // Numbers, text and truth as they are; what is more than that as JSON.
    private static object? Cell(Option value) => value.Plain() is System.Text.Json.Nodes.JsonNode ? value.Json : value.Plain();

    private static bool Ahead(TrialRecord trial, ParameterAxis parameter, out double number)
    {
        number = 0;
        return trial.FixedAhead.FirstOrDefault(f => f.Key == parameter.Name) is { Key: not null } ahead
            && parameter.Distribution.TryNumber(ahead.Value, out number);
    }

    private IReadOnlyList<object?> Row(TrialRecord trial, int constraints) =>
    [
        trial.Number,
        trial.State,
        .. Objectives.Select((_, i) => i < trial.Values.Count ? trial.Values[i] : (object?)null),
        .. Parameters.Select(p => trial.Numbers.TryGetValue(p.Name, out double number) || Ahead(trial, p, out number)
            ? p.Cell(number)
            : null),
        .. Enumerable.Range(0, constraints)
            .Select(i => i < trial.Constraints.Count ? trial.Constraints[i] : (object?)null),
        trial.Reports.Count,
        trial.Attempt,
        trial.Worker,
        trial.Started,
        trial.Finished,
        (trial.Finished - trial.Started)?.TotalSeconds,
        trial.Error,
    ];
}
