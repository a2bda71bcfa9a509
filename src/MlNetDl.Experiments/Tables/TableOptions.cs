using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>What people say of a table's form; what they do not say is seen from the file.</summary>
public sealed record TableOptions
{
    /// <summary>Whether the first row has the names of the columns.</summary>
    public bool? Header { get; init; }

    /// <summary>What stands between fields; a blank stands for any number of blanks.</summary>
    public char? Separator { get; init; }

    /// <summary>What stands before the decimals of numbers: a point or a comma.</summary>
    public char? Decimal { get; init; }

    /// <summary>Which number comes first in dates such as 03/04/2025.</summary>
    public DateOrder? Dates { get; init; }

    /// <summary>The encoding's name, such as <c>windows-1252</c>.</summary>
    public string? Encoding { get; init; }

    /// <summary>The label that means yes, where it is none of the usual ones: true, yes, y, t, positive and 1.</summary>
    public string? Positive { get; init; }

    /// <summary>What stands in a column for a value that is not there, by the column's name.</summary>
    internal Func<string, MissingWords> Lacking { get; init; } = _ => MissingWords.Usual;

    /// <summary>How a column's dates are written that are numbers, by the column's name.</summary>
    internal Func<string, DateForm?> NumberDates { get; init; } = _ => null;

    /// <summary>Columns that are not used: what is doubtful in them is not asked.</summary>
    internal IReadOnlyCollection<string> Ignored { get; init; } = [];

    /// <summary>Whether rows without any value are rows, as where each row gets a prediction; otherwise they are left out and counted.</summary>
    internal bool KeepsBlankRows { get; init; }

    /// <summary>The decimal mark where the file leaves it in doubt: that of the table to train on, for the one to test with.</summary>
    internal char? Likely { get; init; }

    /// <summary>The order of dates where the file leaves it in doubt.</summary>
    internal DateOrder? LikelyDates { get; init; }

    /// <summary>The columns that a saved model takes; none where no model asks.</summary>
    internal IReadOnlyCollection<string> Known { get; init; } = [];

    /// <summary>Which rows are left out, with the words that say why; <see langword="null"/> for none.</summary>
    internal (Func<TableRecord, bool> Drops, string Why)? Left { get; init; }

    /// <summary>Whether a command asks, and not an experiment's file: messages name its options then.</summary>
    internal bool IsOfCommand { get; init; }

    /// <summary>What is wrong with the keys of a form.</summary>
    internal static IEnumerable<RecordProblem> ProblemsOf(string? separator, string? mark)
    {
        if (separator is { Length: not 1 })
        {
            yield return new("separator", $"is '{separator}', but one character stands between fields.");
        }

        if (mark is not (null or "." or ","))
        {
            yield return new("decimal", $"is '{mark}', but a decimal mark is '.' or ','.");
        }
    }

    /// <summary>How a setting is called.</summary>
    internal string Say(string key) => IsOfCommand ? $"--{key}" : $"data.{key}";

    /// <summary>How a setting is written.</summary>
    internal string Say(string key, string value) => $"{Say(key)}{(IsOfCommand ? "" : ":")} {value}";
}
