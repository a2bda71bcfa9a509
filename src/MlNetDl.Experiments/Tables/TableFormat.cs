using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>The form of a table's text: what separates fields, where rows begin, and what the columns are called.</summary>
/// <param name="Separator">What stands between fields; a blank stands for any number of them.</param>
/// <param name="Names">The columns' names.</param>
/// <param name="FirstRow">The line of the first row, or one before it.</param>
/// <param name="Fields">Fields of a row.</param>
/// <param name="Notes">What is said of the form.</param>
internal sealed record TableFormat(char Separator, IReadOnlyList<string> Names, long FirstRow, int Fields, IReadOnlyList<string> Notes)
{
    private const int Looked = 200;

    // Where several suit as well, the first one; a blank is the last resort.
    private static readonly char[] Separators = ['\t', ';', ',', '|', ' '];

    /// <summary>Sees the form from the first records.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its text.</param>
    /// <param name="options">What people say of it.</param>
    /// <exception cref="InvalidDataException">It has no rows, or nobody can tell whether it has a header.</exception>
    public static TableFormat Of(string path, TableText text, TableOptions options)
    {
        var notes = new List<string>();
        var stated = Stated(text);
        char separator = options.Separator ?? stated ?? Guessed(path, text);
        var records = First(path, text, separator, Looked + (stated is null ? 0 : 1)).Skip(stated is null ? 0 : 1).Where(r => !r.IsEmptyLine).ToList();
        if (records.Count == 0)
        {
            throw new InvalidDataException($"The table '{path}' is empty; expected a header row and rows.");
        }

        int count = Usual(records);
        var above = records.TakeWhile((r, i) => i < records.Count - 1 && count > 1 && r.Fields.Length != count && r.Fields.Length != count - 1
            && (r.Fields.Length == 1 || r.LooksLikeComment) || (options.Header != false && i < records.Count - 2 && (r.IsBlank || IsTitle(r, count)))).ToList();
        if (above.Count > 0)
        {
            notes.Add($"{Counted(above.Count, "line")} above the header left out ('{Shortened(above[0].Fields[0])}')");
        }

        var rest = records[above.Count..];
        var first = rest[0];
        var rows = rest[1..];
        bool? header = options.Header;
        if (header is null && rows.Count > 0 && LooksLikeRow(first.Fields, rows))
        {
            header = TrainedTable.HasNames(first.Fields, options.Known);
        }

        if (header is null && rows.Count > 0 && LooksLikeRow(first.Fields, rows))
        {
            throw new InvalidDataException($"'{path}', line {first.Line}: the first line looks like data ({string.Join(", ", first.Fields.Take(4))}"
                + $"{(first.Fields.Length > 4 ? ", …" : "")}). Write {options.Say("header", "false")} where it is a row, and "
                + $"{options.Say("header", "true")} where it has the columns' names.");
        }

        if (header == false)
        {
            return new(separator, [.. Enumerable.Range(1, first.Fields.Length).Select(i => $"column{i.ToString(CultureInfo.InvariantCulture)}")],
                first.Line, first.Fields.Length, notes);
        }

        string[] names = [.. first.Fields];
        if (first.LooksLikeComment && names.Length == count)
        {
            names[0] = names[0].TrimStart('#', '/', ' ');
            notes.Add($"the header begins with '{first.Fields[0][0]}'");
        }

        // R leaves the names of rows without a name in the header; other programs end each row with a separator.
        if (names.Length == count - 1 && rows.Count > 0 && rows.TrueForAll(r => r.Fields.Length == count))
        {
            bool isLast = rows.TrueForAll(r => r.Fields[^1].Length == 0);
            names = isLast ? [.. names, ""] : ["", .. names];
            if (!isLast)
            {
                notes.Add($"the header has a name less than rows have fields: '{names[1]}' is '{Shortened(rows[0].Fields[1])}' in line {rows[0].Line}");
            }
        }

        return new(separator, names, first.Line + 1, names.Length, notes);
    }

    /// <summary>A count in words.</summary>
    public static string Counted(long count, string what, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? what : many ?? what + "s")}");

    /// <summary>A size in words, such as 725 MB.</summary>
    public static string Bytes(long bytes)
    {
        var (unit, name) = bytes >= 1_000_000_000 ? (1e9, "GB") : bytes >= 1_000_000 ? (1e6, "MB") : (1e3, "KB");
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit:#,##0.#} {name}");
    }

    /// <summary>A text that is not too long for a message.</summary>
    public static string Shortened(string text) => text.Length > 40 ? text[..40] + "…" : text;

    // Excel's first line may say it: sep=;
    private static char? Stated(TableText text)
    {
        using var reader = text.Open();
        return reader.ReadLine() is { } line && line.Trim('"', ' ') is ['s', 'e', 'p', '=', var separator] ? separator : null;
    }

    private static char Guessed(string path, TableText text)
    {
        var best = (Share: 0.8, Separator: ',', SkipsHeader: true);
        foreach (char separator in Separators)
        {
            List<TableRecord> records;
            try
            {
                records = [.. First(path, text, separator, Looked).Where(r => !r.IsEmptyLine)];
            }
            catch (InvalidDataException)
            {
                continue;
            }

            int count = Usual(records);
            // Lines above the header, and the header's own missing or added field.
            int above = separator == ' ' ? 0 : records.TakeWhile(r => r.Fields.Length == 1).Count();
            var judged = count > 1 ? records[Math.Min(above, Math.Max(0, records.Count - 2))..] : records;
            // Of two words in a line, one above is hardly a header that lacks a name.
            bool lacksName = judged.Count > 0 && judged[0].Fields.Length == count - 1 && (separator != ' ' || count > 2);
            double share = count < 2 || judged.Count == 0 ? 0
                : (judged.Count(r => r.Fields.Length == count) + (lacksName ? 1 : 0)) / (double)judged.Count;
            // One that the first line has is better than one that it lacks.
            bool skips = above > 0;
            bool isBetter = best.Share == 0.8 || (best.SkipsHeader && !skips) || (share > best.Share && skips == best.SkipsHeader);
            if (share > 0.8 && isBetter && (separator != ' ' || share == 1))
            {
                best = (share, separator, skips);
            }
        }

        return best.Share > 0.8 ? best.Separator : OfHeader(path, text);
    }

    // Rows differ: the header tells, so that a message can name the first row that differs from it.
    private static char OfHeader(string path, TableText text)
    {
        using var reader = text.Open();
        var header = reader.ReadLine() ?? throw new InvalidDataException($"The table '{path}' is empty; expected a header row and rows.");
        return Array.Find(['\t', ',', ';', '|'], s => header.Contains(s, StringComparison.Ordinal)) is var found and not '\0' ? found : ',';
    }

    private static List<TableRecord> First(string path, TableText text, char separator, int most)
    {
        using var reader = text.Open();
        return [.. TableRecords.Read(path, reader, separator).Take(most)];
    }

    private static int Usual(List<TableRecord> records) => records.Count == 0 ? 0
        : records.Select(r => r.Fields.Length).GroupBy(c => c).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key).First().Key;

    private static bool IsTitle(TableRecord record, int count) => count > 2 && record.Fields.Length == count && record.Fields[0].Length > 0
        && Array.TrueForAll(record.Fields[1..], f => f.Length == 0);

    // Where all columns of numbers begin with one; or where there are none, and all first words come again.
    private static bool LooksLikeRow(string[] first, List<TableRecord> rows)
    {
        var numbers = Enumerable.Range(0, first.Length).Where(i => rows.Count(r => i < r.Fields.Length && IsNumber(r.Fields[i])) > 0.9 * rows.Count).ToList();
        return numbers.Count > 0
            ? numbers.TrueForAll(i => IsNumber(first[i]))
            : rows.Count >= 5 && first.Index().All(f => rows.Exists(r => f.Index < r.Fields.Length && r.Fields[f.Index] == f.Item));
    }

    private static bool IsNumber(string field) => !MissingWords.IsUsual(field) && NumberForm.AroundOf(field, out var core) is not null
        && (NumberForm.Read(core, '.') ?? NumberForm.Read(core, ',')) is not null;
}
