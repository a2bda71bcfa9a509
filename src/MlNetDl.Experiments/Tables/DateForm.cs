using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>How dates and times of a column are written.</summary>
/// <param name="Pattern">The pattern of .NET; or what the numbers count.</param>
/// <param name="Unit">What numbers count; <see langword="null"/> where dates are written.</param>
internal sealed record DateForm(string Pattern, TimestampUnit? Unit = null)
{
    /// <summary>The form in which a model takes them: <c>2025-04-03T13:45:00</c>.</summary>
    public const string Standard = "yyyy-MM-ddTHH:mm:ss";

    private const int EarliestOfDigits = 1900, LatestOfDigits = 2100;

    private static readonly string[] Days =
    [
        "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "d.M.yyyy", "d.M.yy", "d/M/yyyy", "M/d/yyyy", "d-M-yyyy", "M-d-yyyy", "d/M/yy", "M/d/yy",
        "d MMM yyyy", "MMM d, yyyy", "d-MMM-yyyy", "d-MMM-yy", "d. MMM yyyy", "MMM d yyyy", "yyyy-MMM-d", "yyyy MMM d",
        "d MMMM yyyy", "MMMM d, yyyy", "d. MMMM yyyy", "MMMM d yyyy", "ddd, d MMM yyyy", "dddd, d MMMM yyyy", "ddd, MMM d, yyyy", "dddd, MMMM d, yyyy",
    ];

    private static readonly string[] Times =
    [
        "", " H:mm", " H:mm:ss", " H:mm:ss.FFFFFFF", "TH:mm", "TH:mm:ss", "TH:mm:ss.FFFFFFF", " h:mm tt", " h:mm:ss tt", " h:mmtt", " h:mm:sstt", " h tt",
    ];

    private static readonly string[] Alone = ["H:mm", "H:mm:ss", "H:mm:ss.FFFFFFF", "h:mm tt", "h:mm:ss tt", "h:mmtt", "h:mm:sstt"];

    private static readonly string[] Digits = ["yyyyMMdd", "yyyyMMddHHmm", "yyyyMMddHHmmss", "yyyyMMddTHHmmss"];

    private static readonly string[] ZonesOfUtc = ["Z", "UTC", "GMT"];

    /// <summary>All that are written.</summary>
    public static IReadOnlyList<DateForm> All { get; } =
        [.. Days.SelectMany(day => Times.Select(time => day + time)).Concat(Alone).Concat(Digits).Select(pattern => new DateForm(pattern))];

    /// <summary>Whether it has a date; otherwise a time of the day.</summary>
    public bool HasDate => Unit is not null || Pattern.Contains('y', StringComparison.Ordinal);

    /// <summary>Whether it has a time of the day.</summary>
    public bool HasTime => Unit is not null || Pattern.Contains("mm", StringComparison.Ordinal) || Pattern.EndsWith('t');

    /// <summary>Whether its dates are numbers.</summary>
    public bool IsNumber => Unit is not null || (Pattern.StartsWith("yyyyMM", StringComparison.Ordinal) && !Pattern.Contains('T', StringComparison.Ordinal));

    /// <summary>Which number comes first, where both are numbers and the year is last.</summary>
    public DateOrder? Order => Pattern.StartsWith("d/", StringComparison.Ordinal) || Pattern.StartsWith("d-M-", StringComparison.Ordinal) ? DateOrder.DayFirst
        : Pattern.StartsWith("M/", StringComparison.Ordinal) || Pattern.StartsWith("M-", StringComparison.Ordinal) ? DateOrder.MonthFirst
        : null;

    /// <summary>Numbers that count since 1970.</summary>
    public static DateForm Of(TimestampUnit unit) => new($"{unit.ToString().ToLowerInvariant()} since 1970", unit);

    /// <summary>The form with a pattern.</summary>
    public static DateForm Of(string pattern) =>
        Enum.GetValues<TimestampUnit>().Select(Of).FirstOrDefault(form => form.Pattern == pattern) ?? new(pattern);

    /// <summary>What whole numbers seem to count that lie between two: seconds and the like of the years 2001 to 2099; none where it is
    /// <see langword="null"/>.</summary>
    public static TimestampUnit? UnitOf(double least, double most)
    {
        foreach (var (unit, second) in Enum.GetValues<TimestampUnit>().Zip([1, 1e3, 1e6, 1e9]))
        {
            if (least >= 1e9 * second && most < 4.1e9 * second)
            {
                return unit;
            }
        }

        return null;
    }

    /// <summary>A value as a date, in UTC where it has an offset; <see langword="null"/> for none.</summary>
    public DateTime? Read(ReadOnlySpan<char> value)
    {
        if (Unit is { } unit)
        {
            return Moment(value, unit);
        }

        TimeSpan? offset = null;
        var text = HasTime && HasDate ? WithoutZone(value, out offset) : value;
        return DateTime.TryParseExact(text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out var date)
            && (!IsNumber || date.Year is >= EarliestOfDigits and < LatestOfDigits)
            && (offset is null || date.Year is > 1 and < 9999) ? date - (offset ?? TimeSpan.Zero) : null;
    }

    /// <summary>How far a time says to be from UTC; <see langword="null"/> where it says nothing.</summary>
    public TimeSpan? OffsetOf(ReadOnlySpan<char> value)
    {
        TimeSpan? offset = null;
        if (Unit is null && HasTime && HasDate)
        {
            WithoutZone(value, out offset);
        }

        return offset;
    }

    // Z, UTC, +02, +0200 or +02:00 behind a time.
    private static ReadOnlySpan<char> WithoutZone(ReadOnlySpan<char> value, out TimeSpan? offset)
    {
        offset = TimeSpan.Zero;
        foreach (var zone in ZonesOfUtc)
        {
            if (value.EndsWith(zone, StringComparison.OrdinalIgnoreCase))
            {
                return value[..^zone.Length].TrimEnd();
            }
        }

        offset = null;
        int sign = value.LastIndexOfAny('+', '-');
        if (sign <= 0 || !value[..sign].ContainsAny(':', 'T'))
        {
            return value;
        }

        var digits = value[(sign + 1)..].ToString().Replace(":", "", StringComparison.Ordinal);
        if (digits.Length is not (2 or 4) || !digits.All(char.IsAsciiDigit))
        {
            return value;
        }

        int count = int.Parse(digits.PadRight(4, '0'), CultureInfo.InvariantCulture);
        var size = new TimeSpan(count / 100, count % 100, 0);
        if (size > Farthest)
        {
            return value;
        }

        offset = value[sign] == '-' ? -size : size;
        return value[..sign].TrimEnd();
    }

    // No place is farther from UTC.
    private static readonly TimeSpan Farthest = TimeSpan.FromHours(14);

    private static DateTime? Moment(ReadOnlySpan<char> value, TimestampUnit unit)
    {
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal count))
        {
            return null;
        }

        decimal most = (decimal)(DateTime.MaxValue - DateTime.UnixEpoch).TotalSeconds, second = unit switch
        {
            TimestampUnit.Seconds => 1m,
            TimestampUnit.Milliseconds => 1e-3m,
            TimestampUnit.Microseconds => 1e-6m,
            _ => 1e-9m,
        };
        decimal seconds = count * second;
        return Math.Abs(seconds) < most && seconds > -(decimal)(DateTime.UnixEpoch - DateTime.MinValue).TotalSeconds
            ? DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;
    }
}
