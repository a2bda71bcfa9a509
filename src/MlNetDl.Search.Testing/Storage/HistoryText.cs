using MlNetDl.Search;

namespace MlNetDl.Testing;

/// <summary>A history as text: equal texts, equal histories.</summary>
internal static class HistoryText
{
    public static string Of(History history) => string.Join('\n', (string[])
    [
        .. history.Trials.Select(t => $"trial {Of(t)}"),
        .. history.Finished.Select(t => $"finished {Of(t)}"),
        .. history.Running.Select(t => $"running {Of(t)}"),
        .. history.Parameters.Select(p => $"parameter {p}"),
        .. history.Common.Select(p => $"common {p}"),
        .. history.Widenings.Select(w => $"widening {w}"),
    ]);

    private static string Of(TrialRecord trial)
    {
        object?[] parts =
        [
            trial.Number, trial.State, trial.Attempt, trial.Worker, $"{trial.Started:O}", $"{trial.Finished:O}", trial.Error, trial.IsLost, trial.Proposal,
            string.Join(' ', trial.Numbers.Select(n => FormattableString.Invariant($"{n.Key}={n.Value:R}"))),
            .. trial.Distributions, .. trial.Fixed, .. trial.Reports, .. trial.Values, .. trial.Constraints,
            .. trial.Attributes, .. trial.Notes.Select(n => FormattableString.Invariant($"{n.At:O} {n.Text}")),
        ];
        return string.Join(' ', parts.Select(p => FormattableString.Invariant($"{p}")));
    }
}
