using System.Globalization;
using MlNetDl.Naming;

namespace MlNetDl.Search;

/// <summary>What is doubtful about a study's trials, a sentence each.</summary>
internal static class HistoryWarnings
{
    private const int MostNumbers = 5;

    /// <summary>The warnings of a study; empty when nothing is doubtful.</summary>
    public static IReadOnlyList<string> Of(History history) => [.. UnknownStates(history), .. UnusedNames(history)];

    /// <summary>Why a name that is enqueued may be a mistake: no trial has asked for it, but one asked for a similar
    /// name. <see langword="null"/> when nothing speaks against it.</summary>
    public static string? Misspelt(History history, string name) =>
        history.Space is null && !history.Parameters.ContainsKey(name) && Nearest.Of(name, history.Parameters.Keys) is { } near
            ? $"parameter '{name}' is enqueued but no trial has asked for it yet; did you mean '{near}'?"
            : null;

    /// <summary>The values that were fixed for a trial and that no trial has ever asked for, in words;
    /// <see langword="null"/> when there are none.</summary>
    public static string? Unused(History history, TrialRecord trial) =>
        NeverAsked(history, trial) is { Count: > 0 } names
            ? $"the objective never asked for {Names(history, names)}, so the enqueued value had no effect."
            : null;

    private static IEnumerable<string> UnknownStates(History history) =>
        history.Trials.Where(t => t.State == TrialState.Unknown).GroupBy(t => t.UnknownState).Select(states =>
            $"{Trials([.. states.Select(t => t.Number)])} the state '{states.Key}', which a newer program wrote and this one does "
            + "not know: not run, not counted as a result. Use the newer program to see what became of it.");

    private static IEnumerable<string> UnusedNames(History history)
    {
        if (history.Space is not null || history.Parameters.Count == 0)
        {
            yield break;
        }

        var fixedNames = history.Trials.Where(t => t.State != TrialState.Cancelled)
            .SelectMany(t => t.Fixed.Keys.Where(n => !history.Parameters.ContainsKey(n)).Select(n => (Name: n, Trial: t)))
            .GroupBy(f => f.Name, f => f.Trial);
        foreach (var name in fixedNames)
        {
            // A trial that is still to come may ask for it. A name like a known one is doubtful at once.
            var doubtful = name.Where(t => t.State == TrialState.Complete || Nearest.Of(name.Key, history.Parameters.Keys) is not null)
                .Select(t => t.Number).ToList();
            if (doubtful.Count > 0)
            {
                yield return $"{Trials(doubtful)} a value enqueued for {Names(history, [name.Key])}; no trial has asked for it.";
            }
        }
    }

    private static List<string> NeverAsked(History history, TrialRecord trial) =>
        history.Space is null ? [.. trial.Fixed.Keys.Where(n => !history.Parameters.ContainsKey(n) && !trial.Numbers.ContainsKey(n))] : [];

    private static string Names(History history, List<string> names) =>
        string.Join(" and ", names.Select(n => Nearest.Of(n, history.Parameters.Keys) is { } near ? $"'{n}' (did you mean '{near}'?)" : $"'{n}'"));

    private static string Trials(List<int> numbers)
    {
        var first = numbers.Take(MostNumbers).Select(n => n.ToString(CultureInfo.InvariantCulture));
        int more = numbers.Count - MostNumbers;
        return numbers.Count == 1
            ? $"trial {numbers[0]} has"
            : $"trials {string.Join(", ", first)}{(more > 0 ? $" and {more} more" : "")} have";
    }
}
