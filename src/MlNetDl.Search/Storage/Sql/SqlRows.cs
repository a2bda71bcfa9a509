using System.Data.Common;

namespace MlNetDl.Search.Storage.Sql;

/// <summary>Columns as the store keeps them.</summary>
internal static class SqlRows
{
    public static int Whole(this DbDataReader row, int column) => checked((int)row.GetInt64(column));

    public static long? Long(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static string? Text(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset? Time(this DbDataReader row, int column) =>
        row.Long(column) is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;

    /// <summary>The state of a trial. A newer program may write one that this program does not know.</summary>
    public static TrialState State(this DbDataReader row, int column) =>
        TryNamed<TrialState>(row.GetString(column), out var state) ? state : TrialState.Unknown;

    /// <summary>The word of a state that this program does not know; <see langword="null"/> for others.</summary>
    public static string? UnknownState(this DbDataReader row, int column) =>
        row.State(column) == TrialState.Unknown ? row.GetString(column) : null;

    public static T Named<T>(string text)
        where T : struct, Enum
    {
        if (!TryNamed<T>(text, out var value))
        {
            throw new FormatException(
                $"'{text}' is no {typeof(T).Name} that this program knows; a newer one may have written it.");
        }

        return value;
    }

    // A number is no name, though .NET parses it as a value.
    private static bool TryNamed<T>(string text, out T value)
        where T : struct, Enum => Enum.TryParse(text, out value) && value.ToString() == text;
}
