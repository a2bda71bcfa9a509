using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>Sees from the values of a column what kind it is.</summary>
/// <param name="name">Its name.</param>
/// <param name="place">Its place in a row, from 0.</param>
/// <param name="kind">What its file says of it.</param>
/// <param name="lacking">What stands for a value that is not there.</param>
/// <param name="said">How its dates are written that are numbers, if somebody said so.</param>
internal sealed class ColumnReader(string name, int place, CellKind kind, MissingWords lacking, DateForm? said)
{
    private const int WordsKept = 3, ValuesCounted = 10_000;

    // So few may be by chance.
    private const int FewRows = 20;

    // Names and titles have fewer words.
    private const int WordsOfText = 4;

    private static readonly HashSet<string> Unbounded = new(StringComparer.OrdinalIgnoreCase) { "INF", "INFINITY", "∞" };

    // With a decimal point, and with a decimal comma.
    private readonly Reading point = new(), comma = new();
    private readonly Dictionary<string, long> counts = [];
    private readonly HashSet<string> found = [];
    private string? around;
    private bool countsWhole = true, boolean = true;
    private readonly DateReader dates = new();
    private (long Line, string Text)? gap, dash, infinite, dressed, differs, rounded, zero, unstamped;
    private double least = double.MaxValue, most = double.MinValue;
    private bool isWhole = true;
    private long values, missing, dashes, plain, differing, start, texts;
    private bool isCounting = true, showsPoint;

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
    public (long Line, string Text)? Doubtful => IsNumber(point) && IsNumber(comma) && differing > 0 ? differs : null;

    /// <summary>Whether all are written as a program writes numbers, so that a decimal point is the likely reading.</summary>
    public bool IsPlain => plain == values;

    /// <summary>Whether each row has a value of its own: words, or numbers from 0 or 1 on.</summary>
    /// <param name="rows">How many rows there are.</param>
    public bool NamesRows(long rows) => missing == 0 && values == rows && (IsNumber(point) ? isCounting : !countsWhole || counts.Count == values);

    /// <summary>Looks at the next value.</summary>
    public void Take(string value, long line)
    {
        if (lacking.NamedAs(value) is { } named)
        {
            found.Add(named);
        }

        if (lacking.Has(value))
        {
            missing++;
            gap ??= (line, value);
            return;
        }

        if (MissingWords.IsDash(value))
        {
            dashes++;
            dash ??= (line, value);
            return;
        }

        if (Unbounded.Contains(value.TrimStart('+', '-')))
        {
            infinite ??= (line, value);
            return;
        }

        values++;
        boolean = boolean && YesNo.Of(value) is not null;
        texts += value.AsSpan().Count(' ') >= WordsOfText - 1 ? 1 : 0;
        Count(value);
        TakeNumber(value, line);
        dates.Take(value, line);
        unstamped ??= said is null || said.Read(value) is not null ? null : (line, value);
    }

    /// <summary>The column as far as it was read.</summary>
    /// <param name="mark">The decimal mark.</param>
    /// <param name="order">Which number comes first in dates, where both orders suit; <see langword="null"/> where nobody said.</param>
    public TableColumn Column(char mark, DateOrder? order)
    {
        var reading = mark == ',' ? comma : point;
        bool areNumbers = IsNumber(reading);
        var form = areNumbers && values > 0 && (plain < values || mark == ',') ? new NumberForm(mark, around ?? "", plain < values) : NumberForm.Plain;
        var dateForm = FormOfDates(areNumbers, order);
        bool isNumber = dateForm is null && (kind == CellKind.Seen ? areNumbers : kind == CellKind.Number);
        bool hasDashes = !isNumber && dateForm is null && dashes > 0;
        var none = hasDashes ? gap : Earlier(gap, dash);
        if (hasDashes)
        {
            counts[dash!.Value.Text] = dashes;
        }

        return new(name, isNumber, boolean && !hasDashes)
        {
            Place = place,
            Kind = kind,
            Lacking = lacking,
            LackingFound = found,
            Gap = isNumber ? Earlier(none, infinite) : none,
            Infinite = isNumber ? infinite : null,
            Missing = missing + (hasDashes ? 0 : dashes),
            FirstMissing = none?.Line ?? 0,
            Form = form,
            ShowsMark = kind == CellKind.Seen && isNumber && values > 0 && (ShowsComma || ShowsPoint || showsPoint),
            Dressed = form.IsPlain ? null : dressed ?? differs,
            Dates = dateForm,
            Undated = areNumbers || boolean || kind == CellKind.Category ? null : dates.Break,
            UndatedForm = dates.LastForm,
            Unstamped = unstamped,
            Zone = dateForm is null ? DateZone.None : kind == CellKind.Instant ? DateZone.Utc : dates.Zone,
            Shifted = dateForm is null ? null : dates.Shifted,
            Stamps = isNumber && isWhole && values > 0 ? DateForm.UnitOf(least, most) : null,
            Rounded = isNumber ? rounded : null,
            LeadingZero = isNumber ? zero : null,
            CountsRows = isNumber && isCounting && missing + dashes == 0 && values > FewRows,
            Texts = texts,
            Numbers = reading.Numbers,
            Words = values + (hasDashes ? dashes : 0) - reading.Numbers,
            Values = values + (hasDashes ? dashes : 0),
            Counts = counts,
            AreCountsWhole = countsWhole,
            FirstWords = reading.Words,
        };
    }

    // What the file or somebody says; else all are written as dates, or are so many digits of dates that this is not by chance.
    private DateForm? FormOfDates(bool areNumbers, DateOrder? order) => TypedCell.FormOf(kind)
        ?? (said is not null && areNumbers && values > 0 && unstamped is null ? said
            : boolean || kind is CellKind.Category or CellKind.Number || (areNumbers && !dates.AreMany) ? null
            : dates.Form(order));

    /// <summary>The first time that says how far it is from UTC, and the first that does not, where there are both.</summary>
    public ((long Line, string Text) With, (long Line, string Text) Without)? MixedZones => dates.MixedZones;

    /// <summary>The forms of both orders, where all values are dates in each; otherwise <see langword="null"/>.</summary>
    public (DateForm DayFirst, DateForm MonthFirst)? DoubtfulDates => dates.Doubtful;

    private bool IsNumber(Reading reading) => reading.Numbers == values;

    private void TakeNumber(string value, long line)
    {
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            if (IsDressedAlike("", line, value))
            {
                TakePlain(value, number, line);
            }

            return;
        }

        if (NumberForm.AroundOf(value, out var core) is not { } dress)
        {
            point.Word(line, value);
            comma.Word(line, value);
            return;
        }

        var (withPoint, withComma) = (NumberForm.Read(core, '.'), NumberForm.Read(core, ','));
        if ((withPoint ?? withComma) is null)
        {
            point.Word(line, value);
            comma.Word(line, value);
        }
        else if (IsDressedAlike(dress, line, value))
        {
            dressed ??= (line, value);
            isCounting = false;
            Agree(withPoint, withComma, value, line);
        }
    }

    private void TakePlain(string value, double number, long line)
    {
        if (!float.IsFinite((float)number))
        {
            infinite ??= (line, value);
        }

        plain++;
        (least, most, isWhole) = (Math.Min(least, number), Math.Max(most, number), isWhole && number == Math.Round(number));
        showsPoint = showsPoint || value.Contains('.', StringComparison.Ordinal);
        start = values == 1 ? (long)number : start;
        isCounting = isCounting && start is 0 or 1 && number == start + values - 1;
        // A network's numbers have 24 bits: days as 20250403 would run together.
        if (number != (float)number && number == Math.Round(number) && !value.AsSpan().ContainsAny(".eE"))
        {
            rounded ??= (line, value);
        }

        if (value is ['0', >= '0' and <= '9', ..])
        {
            zero ??= (line, value);
        }

        // Without a point, both readings agree; a program's own numbers have one reading.
        Agree(number, kind == CellKind.Number ? null : value.Contains('.', StringComparison.Ordinal) ? NumberForm.Read(value, ',') : number, value, line);
    }

    // A column of numbers has one dress: among dollars, euros are words.
    private bool IsDressedAlike(string dress, long line, string value)
    {
        around ??= dress;
        if (around == dress)
        {
            return true;
        }

        point.Word(line, value);
        comma.Word(line, value);
        return false;
    }

    private void Agree(double? withPoint, double? withComma, string value, long line)
    {
        Take(point, withPoint);
        Take(comma, withComma);
        if (withPoint is { } one && withComma is { } other && one != other)
        {
            differing++;
            differs ??= (line, value);
        }

        void Take(Reading reading, double? number)
        {
            if (number is null)
            {
                reading.Word(line, value);
            }
            else
            {
                reading.Numbers++;
            }
        }
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
