using System.Globalization;

namespace MlNetDl.Experiments;

/// <summary>The first pass over a table: counts what is in it, sees the kinds of its columns, and asks where it is in doubt.</summary>
/// <param name="path">The file.</param>
/// <param name="options">What people say of it.</param>
internal sealed class TableLook(string path, TableOptions options)
{
    /// <summary>What a line is called that looks like a comment.</summary>
    public const string Comment = "line that looks like a comment";

    private static readonly Dictionary<string, string> Many = new()
    {
        [Comment] = "lines that look like comments",
        [TableSource.Blank] = "rows without any value",
    };

    private readonly TableSource source = TableSource.Of(path, options);
    private readonly List<string> notes = [];

    /// <summary>Looks, and makes the table.</summary>
    /// <exception cref="InvalidDataException">What the table means is doubtful.</exception>
    public Table Table(Func<TableSource, (long, IReadOnlyCollection<long>), IReadOnlyList<TableColumn>, IReadOnlyList<string>, Table> make)
    {
        notes.AddRange(source.Notes);
        var readers = source.Names.Select((name, i) => new ColumnReader(name, i, source.KindOf(i), options.Lacking(name), options.NumberDates(name))).ToArray();
        var left = new Dictionary<string, List<long>>();
        long rows = 0;
        long dropped = 0;
        var totals = new TotalRows(source, options.KeepsBlankRows);
        foreach (var record in totals.Before(source.Rows(options.KeepsBlankRows, Left)))
        {
            if (options.Left?.Drops(record) == true)
            {
                dropped++;
                continue;
            }

            rows++;
            for (int i = 0; i < readers.Length; i++)
            {
                readers[i].Take(record.Fields[i], record.Line);
            }
        }

        if (rows == 0)
        {
            var besides = dropped > 0 ? $" besides {dropped} left out {options.Left!.Value.Why}" : "";
            throw new InvalidDataException($"The table '{path}' has {(source.Place == "row" ? "columns" : "a header")} but no rows{besides}.");
        }

        if (dropped > 0)
        {
            notes.Add($"{TableFormat.Counted(dropped, "row")} left out {options.Left!.Value.Why}");
        }

        notes.AddRange(left.Select(l => $"{TableFormat.Counted(l.Value.Count, l.Key, Many.GetValueOrDefault(l.Key))} left out "
            + $"({source.Place} {string.Join(", ", l.Value.Take(3))}{(l.Value.Count > 3 ? ", …" : "")})"));
        notes.AddRange(totals.Notes());
        var kept = WithoutCounters(readers, rows);
        CheckNames(source.Names, kept);
        char mark = options.Decimal ?? Mark(kept);
        var columns = kept.Select(reader => Column(reader, mark)).ToList();
        notes.AddRange(columns.Where(c => c.Dressed is not null && c.IsNumber && !options.Ignored.Contains(c.Name)).Select(c => string.Create(
            CultureInfo.InvariantCulture,
            $"column '{c.Name}' read as numbers: '{c.Dressed!.Value.Text}' in {c.At(c.Dressed.Value.Line)} is {c.Form.Read(c.Dressed.Value.Text)}")));
        notes.AddRange(columns.Where(c => c.Dates is not null && !IsDate(source.KindOf(c.Place))).Select(c =>
            $"column '{c.Name}' read as {(c.Dates!.HasDate ? "dates" : "times")} ({c.Dates.Pattern}){ExampleOf(c)}"));
        return make(source, (rows, totals.Lines), [.. source.WithUnusable(columns)], notes);

        void Left(string what, long line)
        {
            if (!left.TryGetValue(what, out var lines))
            {
                left[what] = lines = [];
            }

            lines.Add(line);
        }
    }

    // What is written in another way than it is read has an example.
    private static string ExampleOf(TableColumn column)
    {
        var example = column.Shifted?.Text ?? (column.Dates!.Unit is null ? null : column.Counts.Keys.First());
        return example is null ? "" : string.Create(
            CultureInfo.InvariantCulture, $", in UTC: '{example}' is {column.Dates!.Read(example):yyyy-MM-ddTHH:mm:ss}");
    }

    private TableColumn Column(ColumnReader reader, char mark)
    {
        var column = reader.Column(options.Decimal ?? (reader.ShowsComma ? ',' : reader.ShowsPoint ? '.' : mark), options.Dates ?? options.LikelyDates);
        if (column.Dates is null || options.Ignored.Contains(column.Name))
        {
            return column;
        }

        if (reader.MixedZones is var (with, without))
        {
            throw new InvalidDataException($"'{path}': column '{column.Name}' has times with their distance from UTC ('{with.Text}' in {column.At(with.Line)}) "
                + $"and without it ('{without.Text}' in {column.At(without.Line)}): write it for all or for none.");
        }

        if (options.Dates is null && options.LikelyDates is null && reader.DoubtfulDates is { } doubt)
        {
            var value = column.Counts.Keys.FirstOrDefault(v => doubt.DayFirst.Read(v) != doubt.MonthFirst.Read(v));
            if (value is not null)
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{path}': column '{column.Name}' has dates such as '{value}', which is {doubt.DayFirst.Read(value):d MMMM} or ")
                    + string.Create(CultureInfo.InvariantCulture, $"{doubt.MonthFirst.Read(value):d MMMM}. ")
                    + $"Write {options.Say("dates", "dayFirst")} or {options.Say("dates", "monthFirst")}.");
            }
        }

        return column;
    }

    // Columns that only count rows, or are the end of a row's separator.
    private List<ColumnReader> WithoutCounters(ColumnReader[] readers, long rows)
    {
        var kept = readers.ToList();
        if (source.Names.Count > 1 && source.Names[^1].Length == 0 && readers[^1].IsEmpty)
        {
            kept.RemoveAt(kept.Count - 1);
            notes.Add("each row ends with a separator");
        }

        var empty = kept.Where(c => c.Name.Length == 0 && c.IsEmpty).ToList();
        if (empty.Count > 0 && kept.Count > empty.Count)
        {
            kept.RemoveAll(empty.Contains);
            notes.Add($"{TableFormat.Counted(empty.Count, "column")} without a name and without any value left out");
        }

        if (source.Names.Count > 1 && source.Names[0].Length == 0 && readers[0].NamesRows(rows))
        {
            kept.RemoveAt(0);
            notes.Add("the first column, which has no name, counts or names rows: left out");
        }

        // What pandas calls its index in files that have no place for one.
        var indexes = kept.Where(c => TypedTable.IsIndex(c.Name)).ToList();
        if (source.Place == "row" && indexes.Count > 0 && kept.Count > indexes.Count)
        {
            kept.RemoveAll(indexes.Contains);
            notes.Add($"the index of pandas ({string.Join(", ", indexes.Select(c => c.Name))}) left out");
        }

        return kept;
    }

    private static bool IsDate(CellKind kind) => kind is CellKind.Date or CellKind.Moment or CellKind.Instant or CellKind.Time;

    private void CheckNames(IReadOnlyList<string> names, List<ColumnReader> kept)
    {
        var used = kept.Select(k => (k.Name, k.Place)).ToList();
        if (used.Find(u => u.Name.Length == 0) is { Name: not null } empty)
        {
            throw new InvalidDataException($"The header of '{path}' has no name for column {empty.Place + 1} of {names.Count}; name it.");
        }

        if (used.GroupBy(u => u.Name).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
        {
            throw new InvalidDataException($"The header of '{path}' has the name '{twice.Key}' for the columns "
                + $"{string.Join(" and ", twice.Select(t => t.Place + 1))}; give each a name of its own.");
        }
    }

    // The decimal mark of columns with two readings: what others show that have one alone.
    private char Mark(List<ColumnReader> columns)
    {
        columns = columns.FindAll(c => !options.Ignored.Contains(c.Name));
        bool comma = columns.Exists(c => c.ShowsComma), point = columns.Exists(c => c.ShowsPoint);
        var doubt = columns.Find(c => c.Doubtful is not null);
        if (doubt?.Doubtful is not var (line, text))
        {
            Note(comma);
            return comma ? ',' : '.';
        }

        // Written as programs write them, they have a point, unless the file is of a country of commas; written as people do, others tell.
        bool isOfPeople = columns.Exists(c => c.Doubtful is not null && !c.IsPlain);
        if (isOfPeople ? comma != point : !comma && source.Separator != ';')
        {
            Note(comma);
            return comma ? ',' : '.';
        }

        if (options.Likely is { } likely)
        {
            return likely;
        }

        NumberForm.AroundOf(text, out var core);
        throw new InvalidDataException(string.Create(
            CultureInfo.InvariantCulture,
            $"'{path}', line {line}: column '{doubt.Name}' has '{text}', which is {NumberForm.Read(core, '.')} or {NumberForm.Read(core, ',')}. ")
            + $"Write {options.Say("decimal", "'.'")} or {options.Say("decimal", "','")}.");

        void Note(bool hasComma)
        {
            if (hasComma)
            {
                notes.Add("decimal comma");
            }
        }
    }
}
