using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>Sees from the values of a column what kind it is.</summary>
internal sealed class ColumnReader(string name, int place)
{
    private const int WordsKept = 3, ValuesCounted = 10_000;

    private static readonly HashSet<string> None = new(StringComparer.OrdinalIgnoreCase)
    {
        "?", "NA", "N/A", "#N/A", "NAN", "NULL", "-", "--", "–",
    };

    private static readonly HashSet<string> Unbounded = new(StringComparer.OrdinalIgnoreCase) { "INF", "INFINITY", "∞" };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> NoneSpan = None.GetAlternateLookup<ReadOnlySpan<char>>();

    // With a decimal point, and with a decimal comma.
    private readonly Reading point = new(), comma = new();
    private readonly Dictionary<string, long> counts = [];
    private string? around;
    private bool aroundDiffers, countsWhole = true, boolean = true;
    private List<DateForm>? dates;
    private (long Line, string Text)? gap, infinite, dressed, differs;
    private long values, missing, plain, differing, start;
    private bool isCounting = true;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Its place in a row, from 0.</summary>
    public int Place => place;

    /// <summary>Whether it has no value.</summary>
    public bool IsEmpty => values == 0 && infinite is null;

    /// <summary>Whether all values are numbers with a decimal comma, and not with a point.</summary>
    public bool ShowsComma => IsNumber(comma) && !IsNumber(point);

    /// <summary>Whether all values are numbers with a decimal point, and not with a comma.</summary>
    public bool ShowsPoint => IsNumber(point) && !IsNumber(comma);

    /// <summary>A value that both readings take for another number, where each takes all; <see langword="null"/> for none.</summary>
    public (long Line, string Text)? Doubtful => IsNumber(point) && IsNumber(comma) && differing > 0 && plain < values ? differs : null;

    /// <summary>Whether each row has a value of its own: words, or numbers from 0 or 1 on.</summary>
    /// <param name="rows">How many rows there are.</param>
    public bool NamesRows(long rows) => missing == 0 && values == rows && (IsNumber(point) ? isCounting : !countsWhole || counts.Count == values);

    /// <summary>Whether a value stands for one that is not there: empty, or a word such as <c>NA</c>.</summary>
    public static bool IsMissing(ReadOnlySpan<char> value) => value.IsEmpty || NoneSpan.Contains(value);

    /// <summary>Looks at the next value.</summary>
    public void Take(string value, long line)
    {
        if (IsMissing(value))
        {
            missing++;
            gap ??= (line, value);
            return;
        }

        if (Unbounded.Contains(value.TrimStart('+', '-')))
        {
            infinite ??= (line, value);
            return;
        }

        values++;
        boolean = boolean && YesNo.Of(value) is not null;
        Count(value);
        if (TakeNumber(value, line))
        {
            dates = values == 1 ? FormsOf(value) : dates is null or { Count: 0 } ? dates : Narrowed(value);
            return;
        }

        dates = values == 1 ? FormsOf(value) : Narrowed(value);
    }

    /// <summary>The column as far as it was read.</summary>
    /// <param name="mark">The decimal mark.</param>
    /// <param name="order">Which number comes first in dates, where both orders suit; <see langword="null"/> where nobody said.</param>
    public TableColumn Column(char mark, DateOrder? order)
    {
        var reading = mark == ',' ? comma : point;
        bool isNumber = IsNumber(reading);
        var form = isNumber && values > 0 && (plain < values || mark == ',') ? new NumberForm(mark, around ?? "", plain < values) : NumberForm.Plain;
        return new(name, isNumber, boolean)
        {
            Place = place,
            Gap = isNumber ? Earlier(gap, infinite) : gap,
            Infinite = isNumber ? infinite : null,
            Missing = missing,
            FirstMissing = gap?.Line ?? 0,
            Form = form,
            Dressed = form.IsPlain ? null : dressed ?? differs,
            Dates = isNumber || boolean ? null : Chosen(order),
            Numbers = reading.Numbers,
            Words = values - reading.Numbers,
            Values = values,
            Counts = counts,
            AreCountsWhole = countsWhole,
            FirstWords = reading.Words,
        };
    }

    /// <summary>The forms of both orders, where all values are dates in each; otherwise <see langword="null"/>.</summary>
    public (DateForm DayFirst, DateForm MonthFirst)? DoubtfulDates => dates is { Count: > 1 } && values > 0
        && dates.Find(d => d.Order == DateOrder.DayFirst) is { } day && dates.Find(d => d.Order == DateOrder.MonthFirst) is { } month ? (day, month) : null;

    private bool IsNumber(Reading reading) => reading.Numbers == values && !aroundDiffers;

    private bool TakeNumber(string value, long line)
    {
        if (float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out float number))
        {
            if (!float.IsFinite(number))
            {
                infinite ??= (line, value);
            }

            plain++;
            start = values == 1 ? (long)number : start;
            isCounting = isCounting && start is 0 or 1 && number == start + values - 1;
            point.Numbers++;
            // Without a point, both readings agree.
            double? other = value.Contains('.', StringComparison.Ordinal) ? NumberForm.Read(value, ',') : number;
            Agree(number, other, value, line);
            Around("");
            return true;
        }

        if (NumberForm.AroundOf(value, out var core) is not { } dress)
        {
            point.Word(line, value);
            comma.Word(line, value);
            return false;
        }

        var (withPoint, withComma) = (NumberForm.Read(core, '.'), NumberForm.Read(core, ','));
        if (withPoint is null)
        {
            point.Word(line, value);
        }
        else
        {
            point.Numbers++;
        }

        Agree(withPoint, withComma, value, line);
        if (withPoint is not null || withComma is not null)
        {
            dressed ??= (line, value);
            Around(dress);
        }

        return withPoint is not null || withComma is not null;
    }

    private void Agree(double? withPoint, double? withComma, string value, long line)
    {
        if (withComma is null)
        {
            comma.Word(line, value);
            return;
        }

        comma.Numbers++;
        if (withPoint is { } other && other != withComma)
        {
            differing++;
            differs ??= (line, value);
        }
    }

    private void Around(string dress)
    {
        aroundDiffers |= around is not null && around != dress;
        around ??= dress;
    }

    private void Count(string value)
    {
        if (counts.TryGetValue(value, out long known) || counts.Count < ValuesCounted)
        {
            counts[value] = known + 1;
            return;
        }

        countsWhole = false;
    }

    private static List<DateForm> FormsOf(string value) =>
        value.Length is < 4 or > 33 || !value.Any(char.IsAsciiDigit) ? [] : [.. DateForm.All.Where(d => d.Read(value) is not null)];

    private List<DateForm> Narrowed(string value)
    {
        if (dates is null or { Count: 0 })
        {
            return [];
        }

        dates.RemoveAll(d => d.Read(value) is null);
        return dates;
    }

    private DateForm? Chosen(DateOrder? order) => values == 0 || dates is null or { Count: 0 } ? null
        : dates.Find(d => d.Order == order && order is not null) ?? dates[0];

    private static (long Line, string Text)? Earlier((long Line, string Text)? a, (long Line, string Text)? b) =>
        a is null || (b is not null && b.Value.Line < a.Value.Line) ? b : a;

    // What one decimal mark makes of the values.
    private sealed class Reading
    {
        public long Numbers { get; set; }

        public List<(long Line, string Text)> Words { get; } = [];

        public void Word(long line, string value)
        {
            if (Words.Count < WordsKept)
            {
                Words.Add((line, value));
            }
        }
    }
}
