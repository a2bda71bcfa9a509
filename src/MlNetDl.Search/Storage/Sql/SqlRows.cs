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

    public static T Name<T>(this DbDataReader row, int column)
        where T : struct, Enum => Named<T>(row.GetString(column));

    public static T Named<T>(string text)
        where T : struct, Enum
    {
        if (!Enum.TryParse<T>(text, out var value))
        {
            throw new FormatException(
                $"'{text}' is no {typeof(T).Name} that this program knows; a newer one may have written it.");
        }

        return value;
    }
}
