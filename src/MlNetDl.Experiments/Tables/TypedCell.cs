using System.Globalization;
using System.Numerics;

namespace MlNetDl.Experiments;

/// <summary>Writes values of typed columns as texts, from which the same values are read again.</summary>
internal static class TypedCell
{
    /// <summary>A number; NaN is what is not there.</summary>
    public static string Number<T>(T number)
        where T : INumberBase<T> => T.IsNaN(number) ? "" : number.ToString(number is float or double ? "R" : null, CultureInfo.InvariantCulture);

    /// <summary>Yes or no, as pandas and .NET write it in texts, so that both are the same categories.</summary>
    public static string YesNo(bool value) => value ? bool.TrueString : bool.FalseString;

    /// <summary>A day.</summary>
    public static string Date(DateTime date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A day with a time.</summary>
    public static string Moment(DateTime moment) => moment.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    /// <summary>A time of the day.</summary>
    public static string Time(long ticks) => new TimeOnly(ticks).ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    /// <summary>How a date of a kind is written; <see langword="null"/> for other kinds.</summary>
    public static DateForm? FormOf(CellKind kind) => kind switch
    {
        CellKind.Date => new("yyyy-M-d"),
        CellKind.Moment or CellKind.Instant => new("yyyy-M-dTHH:mm:ss.FFFFFFF"),
        CellKind.Time => new("HH:mm:ss.FFFFFFF"),
        _ => null,
    };
}
