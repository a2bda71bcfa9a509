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
        "total", "totals", "grand total", "sum", "sums", "overall", "subtotal", "sub total", "sub-total", "gesamt", "gesamtsumme", "summe", "insgesamt",
        "total général", "somme", "totale", "suma",
    };

    private static readonly HashSet<string> Means = new(StringComparer.OrdinalIgnoreCase)
    {
        "average", "avg", "mean", "mittel", "mittelwert", "durchschnitt", "moyenne", "media",
    };

    // Two numbers or more, all those of a row, are hardly the sums of so many rows by chance; and zeros count, as rows of few numbers have many.
    private const int LeastNumbers = 2, LeastRows = 10;

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
                + $"'{WordOf(left[0]) ?? "the sums of the rows above"}')";
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
        else if (!keeps && first == end.Count && end.Count > 0 && (AreTotals([end[^1]], '.') || AreTotals([end[^1]], ',')))
        {
            // Without a word, all its numbers must be sums.
            left = [end[^1]];
            end = end[..^1];
        }

        foreach (var row in end)
        {
            yield return row;
        }
    }

    // The word that says that a row is of totals: a field of its own, or the first word of the first one; null where there is none.
    private static string? WordOf(TableRecord row)
    {
        var first = Array.Find(row.Fields, f => f.Length > 0)?.TrimEnd(':', ' ');
        return first?.Split(' ')[0] is { } beginning && IsWord(beginning) ? first
            : Array.Find(row.Fields, f => IsWord(f.TrimEnd(':', ' ')))?.TrimEnd(':', ' ');
    }

    private static bool IsWord(string word) => Sums.Contains(word) || Means.Contains(word);

    private static bool SaysMean(string word) => Means.Contains(word) || Means.Contains(word.Split(' ')[0]);

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

        return count > 1 && end.TrueForAll(row =>
        {
            var word = WordOf(row);
            var numbers = row.Fields.Index().Select(f => (f.Index, Number: NumberOf(f.Item, mark))).Where(f => f.Number is not null).ToList();
            double divisor = word is not null && SaysMean(word) ? count : 1;
            bool IsSum((int Index, double? Number) field) =>
                Math.Abs(field.Number!.Value - (sums[field.Index] / divisor)) <= Rounding * Math.Abs(field.Number.Value);
            return word is not null ? numbers.Exists(f => f.Number != 0 && IsSum(f))
                : count >= LeastRows && numbers.Count(f => f.Number != 0) >= LeastNumbers && numbers.TrueForAll(IsSum);
        });
    }

    private static double? NumberOf(string field, char mark) => NumberForm.AroundOf(field, out var core) is null ? null : NumberForm.Read(core, mark);
}
