using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>How dates and times of a column are written.</summary>
/// <param name="Pattern">The pattern of .NET.</param>
internal sealed record DateForm(string Pattern)
{
    /// <summary>The form in which a model takes them: <c>2025-04-03T13:45:00</c>.</summary>
    public const string Standard = "yyyy-MM-ddTHH:mm:ss";

    private static readonly string[] Days =
    [
        "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "d.M.yyyy", "d.M.yy", "d/M/yyyy", "M/d/yyyy", "d-M-yyyy", "M-d-yyyy", "d/M/yy", "M/d/yy",
        "d MMM yyyy", "MMM d, yyyy", "d-MMM-yyyy", "d-MMM-yy",
    ];

    private static readonly string[] Times = ["", " H:mm", " H:mm:ss", " H:mm:ss.FFFFFFF", "TH:mm", "TH:mm:ss", "TH:mm:ss.FFFFFFF", " h:mm tt", " h:mm:ss tt"];

    /// <summary>All that are known.</summary>
    public static IReadOnlyList<DateForm> All { get; } =
        [.. Days.SelectMany(day => Times.Select(time => new DateForm(day + time))), new("H:mm"), new("H:mm:ss"), new("h:mm tt")];

    /// <summary>Whether it has a date; otherwise a time of the day.</summary>
    public bool HasDate => Pattern.Contains('y', StringComparison.Ordinal);

    /// <summary>Whether it has a time of the day.</summary>
    public bool HasTime => Pattern.Contains("mm", StringComparison.Ordinal);

    /// <summary>Which number comes first, where both are numbers and the year is last.</summary>
    public DateOrder? Order => Pattern.StartsWith("d/", StringComparison.Ordinal) || Pattern.StartsWith("d-M-", StringComparison.Ordinal) ? DateOrder.DayFirst
        : Pattern.StartsWith("M/", StringComparison.Ordinal) || Pattern.StartsWith("M-", StringComparison.Ordinal) ? DateOrder.MonthFirst
        : null;

    /// <summary>A value as a date; <see langword="null"/> for none. A zone behind it is read as no other.</summary>
    public DateTime? Read(ReadOnlySpan<char> value)
    {
        var text = HasTime ? WithoutZone(value) : value;
        return DateTime.TryParseExact(text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out var date) ? date : null;
    }

    // Z alone: other offsets would move days.
    private static ReadOnlySpan<char> WithoutZone(ReadOnlySpan<char> value) => value is [.. var rest, 'Z'] ? rest : value;
}
