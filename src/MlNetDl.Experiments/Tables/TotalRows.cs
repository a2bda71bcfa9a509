namespace MlNetDl.Experiments;

/// <summary>Finds rows at the end of a table that sum the others up, as people add them in spreadsheets: they are no examples.</summary>
/// <param name="source">The table.</param>
/// <param name="keeps">Whether every row is a row, as where each gets a prediction.</param>
internal sealed class TotalRows(TableSource source, bool keeps)
{
    private const int Most = 3, Named = 3;

    // Sums of rounded numbers differ a little.
    private const double Rounding = 5e-3;

    // A word that is there more often is one of a column's own.
    private const double Rare = 0.05;

    private static readonly HashSet<string> Sums = new(StringComparer.OrdinalIgnoreCase)
    {
        "total", "totals", "grand total", "sum", "sums", "overall", "subtotal", "sub total", "sub-total", "gesamt", "gesamtsumme", "summe", "insgesamt", "total général",
        "somme", "totale", "suma",
    };

    private static readonly HashSet<string> Means = new(StringComparer.OrdinalIgnoreCase)
    {
        "average", "avg", "mean", "mittel", "mittelwert", "durchschnitt", "moyenne", "media",
    };

    private readonly List<TableRecord> suspected = [];
    private List<TableRecord> left = [];
    private long rows;

    /// <summary>The lines that are left out.</summary>
    public IReadOnlyCollection<long> Lines => [.. left.Select(r => r.Line)];

    /// <summary>What is said: the rows that are left out, and those that may be totals.</summary>
    public IEnumerable<string> Notes()
    {
        if (left.Count > 0)
        {
            yield return $"{TableFormat.Counted(left.Count, "row")} of totals left out ({source.Place} {string.Join(", ", left.Select(r => r.Line))}: "
                + $"'{WordOf(left[0])}')";
        }

        var others = suspected.FindAll(r => !Lines.Contains(r.Line));
        if (others.Count > 0 && others.Count <= Math.Max(1, Rare * rows))
        {
            yield return $"{TableFormat.Counted(others.Count, "row")} may be of totals ("
                + $"{string.Join(", ", others.Take(Named).Select(r => $"'{WordOf(r)}' in {source.Place} {r.Line}"))}{(others.Count > Named ? ", …" : "")}): "
                + $"{(keeps ? "each gets a prediction" : "remove what is no example")}";
        }
    }

    /// <summary>The rows before those at the end that are totals.</summary>
    /// <param name="all">All rows.</param>
    public IEnumerable<TableRecord> Before(IEnumerable<TableRecord> all)
    {
        var last = new Queue<TableRecord>();
        foreach (var row in all)
        {
            rows++;
            if (WordOf(row) is not null)
            {
                suspected.Add(row);
            }

            last.Enqueue(row);
            if (last.Count > Most)
            {
                yield return last.Dequeue();
            }
        }

        var end = last.ToList();
        int first = end.FindLastIndex(row => WordOf(row) is null) + 1;
        if (!keeps && first < end.Count && (AreTotals(end[first..], '.') || AreTotals(end[first..], ',')))
        {
            left = end[first..];
            end = end[..first];
        }

        foreach (var row in end)
        {
            yield return row;
        }
    }

    // The word that a row of totals begins with; null where it does not.
    private static string? WordOf(TableRecord row) => Array.Find(row.Fields, f => f.Length > 0) is { } first
        && first.TrimEnd(':', ' ') is var word && (Sums.Contains(word) || Means.Contains(word)) ? word : null;

    // Each has the sum or the mean of a column of the rows before them.
    private bool AreTotals(List<TableRecord> end, char mark)
    {
        var sums = new double[source.Names.Count];
        long count = 0;
        foreach (var row in source.Rows(false).TakeWhile(r => r.Line < end[0].Line))
        {
            count++;
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += NumberOf(row.Fields[i], mark) ?? 0;
            }
        }

        return count > 1 && end.TrueForAll(row => row.Fields.Index().Any(field => NumberOf(field.Item, mark) is { } number && number != 0
            && Math.Abs(number - (sums[field.Index] / (Means.Contains(WordOf(row)!) ? count : 1))) <= Rounding * Math.Abs(number)));
    }

    private static double? NumberOf(string field, char mark) => NumberForm.AroundOf(field, out var core) is null ? null : NumberForm.Read(core, mark);
}
