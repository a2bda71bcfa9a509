namespace MlNetDl.Experiments;

/// <summary>Sees from the values of a column which forms of dates all of them have.</summary>
internal sealed class DateReader
{
    // So few may be by chance.
    private const int FewDates = 3, Shortest = 4, Longest = 45;

    private List<DateForm>? forms;
    private (long Line, string Text)? undated, zoned, unzoned, shifted;
    private long dated;

    /// <summary>Whether there are enough dates not to be so by chance.</summary>
    public bool AreMany => dated >= FewDates;

    /// <summary>The first time that says how far it is from UTC, and the first that does not, where there are both; otherwise <see langword="null"/>.</summary>
    public ((long Line, string Text) With, (long Line, string Text) Without)? MixedZones => zoned is { } with && unzoned is { } without ? (with, without) : null;

    /// <summary>Whether times say how far they are from UTC.</summary>
    public DateZone Zone => shifted is not null ? DateZone.Offset : zoned is not null ? DateZone.Utc : DateZone.None;

    /// <summary>The first time of another zone than UTC.</summary>
    public (long Line, string Text)? Shifted => shifted;

    /// <summary>The first value without a form, where enough before it have one; <see langword="null"/> for none.</summary>
    public (long Line, string Text)? Break => dated < FewDates ? null : undated;

    /// <summary>A form of those before it.</summary>
    public DateForm? LastForm { get; private set; }

    /// <summary>The forms of both orders, where all values have both; otherwise <see langword="null"/>.</summary>
    public (DateForm DayFirst, DateForm MonthFirst)? Doubtful => undated is null && forms is { Count: > 1 }
        && forms.Find(f => f.Order == DateOrder.DayFirst) is { } day && forms.Find(f => f.Order == DateOrder.MonthFirst) is { } month ? (day, month) : null;

    /// <summary>The form of all values; <see langword="null"/> where they have none.</summary>
    /// <param name="order">Which number comes first, where both orders suit.</param>
    public DateForm? Form(DateOrder? order) => undated is not null || forms is null or { Count: 0 } ? null
        : forms.Find(f => f.Order == order && order is not null) ?? forms[0];

    /// <summary>Looks at the next value.</summary>
    public void Take(string value, long line)
    {
        if (undated is not null)
        {
            return;
        }

        if (forms is null)
        {
            forms = value.Length is < Shortest or > Longest || !value.Any(char.IsAsciiDigit) ? [] : [.. DateForm.All.Where(f => f.Read(value) is not null)];
        }
        else
        {
            LastForm = forms[0];
            forms.RemoveAll(f => f.Read(value) is null);
        }

        if (forms.Count == 0)
        {
            undated = (line, value);
            return;
        }

        dated++;
        if (forms[0] is { HasTime: true, HasDate: true } form)
        {
            var offset = form.OffsetOf(value);
            unzoned ??= offset is null ? (line, value) : null;
            zoned ??= offset is null ? null : (line, value);
            shifted ??= offset is null || offset == TimeSpan.Zero ? null : (line, value);
        }
    }
}
