using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Experiments;

/// <summary>A file of rows with values, as people have them: separated by commas, semicolons, tabs, bars or blanks, packed or not, in most encodings,
/// with numbers in the dress of their country; or a Parquet or Arrow (Feather) file, which says itself what its columns are.</summary>
public sealed class Table
{
    // Smaller files are kept in memory once they were read.
    private const long MostKept = 1 << 27;

    private readonly TableSource source;
    private readonly TableOptions options;

    // What the first pass saw: how many rows there are, and the lines of totals.
    private readonly (long Count, IReadOnlyCollection<long> Totals) seen;

    private Table(
        TableSource source, TableOptions options, (long Count, IReadOnlyCollection<long> Totals) seen, IReadOnlyList<TableColumn> columns, IReadOnlyList<string> notes)
    {
        (Columns, Notes) = (columns, notes);
        (this.source, this.options, this.seen) = (source, options, seen);
    }

    private Table(Table other, IEnumerable<TableColumn> columns)
        : this(other.source, other.options, other.seen, [.. columns], other.Notes)
    {
    }

    /// <summary>The file.</summary>
    public string Path => source.Path;

    /// <summary>What stands between fields; a blank stands for any number of blanks. <see langword="null"/> in Parquet and Arrow files.</summary>
    public char? Separator => source.Separator;

    /// <summary>The columns in order, without those that only count rows.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>What was seen of its form, and what was left out, each in a few words.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Whether a file's name, or its first bytes, say that it is a table.</summary>
    internal static bool Is(string path) => System.IO.Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".tsv" or ".txt" or ".gz" or ".zip"
        || TypedTable.Is(path);

    /// <summary>Looks at a file: its form and the kinds of its columns.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no table, has no rows, or what it means is doubtful; the message says where and what to
    /// do.</exception>
    public static Table Read(string path) => Read(path, new TableOptions());

    /// <summary>The same, with what people say of it.</summary>
    internal static Table Read(string path, TableOptions options) => new TableLook(path, options).Table((source, seen, columns, notes) =>
        new(source, options, seen, columns, notes));

    /// <summary>Loads the rows.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="label">The column that is read as <paramref name="labelKind"/>;
    /// <see langword="null"/> for none.</param>
    /// <param name="labelKind">The label's kind.</param>
    /// <param name="ignore">Columns that are left out.</param>
    public IDataView Load(MLContext ml, string? label, DataKind labelKind, IEnumerable<string>? ignore = null) => Load(ml, label, labelKind, ignore, null);

    internal IDataView Load(
        MLContext ml, string? label, DataKind labelKind, IEnumerable<string>? ignore, string? positive, RowPart? part = null)
    {
        var left = (ignore ?? []).ToHashSet();
        var kept = Columns.Where(c => !left.Contains(c.Name));
        return Load(ml, [.. kept.Select(c => new TableViewColumn(c.Name, KindOf(c), c, c.Name == label ? positive : null))], part);

        DataKind KindOf(TableColumn column) => column.Name == label ? labelKind : column.IsNumber ? DataKind.Single : DataKind.String;
    }

    /// <summary>How many rows there are.</summary>
    internal long Count => seen.Count;

    /// <summary>The names of all fields of a row, those of columns that are left out too.</summary>
    internal IReadOnlyList<string> Names => source.Names;

    /// <summary>The rows' fields, those of columns that are left out too.</summary>
    internal IEnumerable<TableRecord> Rows() =>
        source.Rows(options.KeepsBlankRows).Where(row => options.Left?.Drops(row) != true && !seen.Totals.Contains(row.Line));

    /// <summary>The table without rows that lack a value in one of some columns; how many these are becomes a note.</summary>
    internal Table Dropping(IReadOnlyCollection<string> names)
    {
        var dropped = Columns.Where(c => names.Contains(c.Name) && c.Missing > 0).ToList();
        if (dropped.Count == 0)
        {
            return this;
        }

        // What is left is looked at anew: kinds, values and classes are those of the rows that remain.
        return Read(Path, options with
        {
            Left = (row => dropped.Exists(c => c.Lacks(row.Fields[c.Place])),
                $"for missing values ({string.Join(", ", dropped.Select(c => $"{c.Name} {c.Missing}"))})"),
        });
    }

    /// <summary>What another table of the same kind is likely to mean where it leaves that in doubt.</summary>
    internal TableOptions Hint(TableOptions said) => said with
    {
        Likely = Columns.Any(c => c.IsNumber && c.Form.Decimal == ',') ? ',' : '.',
        LikelyDates = Columns.Select(c => c.Dates?.Order).FirstOrDefault(order => order is not null),
        NumberDates = name => Columns.FirstOrDefault(c => c.Name == name)?.Dates is { IsNumber: true } form ? form : null,
    };

    internal IDataView Load(MLContext ml, IReadOnlyList<TableViewColumn> columns, RowPart? part = null)
    {
        var view = new TableView(part?.Count ?? Count, part is null ? Rows : () => part.Of(Rows()), columns);
        return source.Size <= MostKept ? ml.Data.Cache(view) : view;
    }

    /// <summary>Refuses missing values: numbers of features, and any value of the label. A missing word of a feature is
    /// a category of its own.</summary>
    /// <param name="features">The features.</param>
    /// <param name="label">The label.</param>
    /// <param name="filled">Features whose missing values the model fills in.</param>
    /// <exception cref="InvalidDataException">A value is missing, or is no finite number; names its line.</exception>
    internal void MustBeComplete(IEnumerable<string> features, string? label, IReadOnlyCollection<string>? filled = null)
    {
        var wanted = features.ToHashSet();
        foreach (var column in Columns.Where(c => c.Name == label || (wanted.Contains(c.Name) && (c.IsNumber || c.Dates is not null))))
        {
            if ((filled?.Contains(column.Name) == true ? column.Infinite : column.Gap) is var (line, text))
            {
                var found = text.Length == 0 ? "is empty" : $"is '{text}'";
                var more = column.Missing > 1 && column.Infinite is null ? $" (the first of {TableFormat.Counted(column.Missing, "missing value")})" : "";
                throw new InvalidDataException($"'{Path}', {column.At(line)}: column '{column.Name}' {found}{more}; " + (column.Name == label
                    ? $"every row needs a label. Fill it in, or drop the row{(options.IsOfCommand ? "" : ", or write data.missing: drop")}."
                    : column.Infinite is not null ? "a network needs finite numbers. Correct it, drop the row, or leave the column out with data.ignore."
                    : options.IsOfCommand ? "the model does not fill it in. Fill it in, or drop the row."
                    : $"a network needs a {(column.Dates is null ? "number" : "date")} in every row. Write data.missing: median (or mean, mode, "
                        + "indicator, drop), or leave the column out with data.ignore."));
            }
        }
    }

    /// <summary>The table with the kinds of some columns stated instead of seen.</summary>
    /// <param name="numeric">Columns of numbers: a word among them is an error.</param>
    /// <param name="categorical">Columns of words, also where all of them are numbers.</param>
    /// <exception cref="InvalidDataException">A column of <paramref name="numeric"/> holds a word;
    /// names its line.</exception>
    internal Table With(IReadOnlyCollection<string> numeric, IReadOnlyCollection<string> categorical) => new(
        this, Columns.Select(c => categorical.Contains(c.Name) ? c.AsWords : numeric.Contains(c.Name) ? MustBeNumbers(c) : c));

    private TableColumn MustBeNumbers(TableColumn column)
    {
        MustHaveValues(column);
        return column.AsNumbers ?? throw new InvalidDataException(HoldsWords(column, "data.numeric says that it holds numbers"));
    }

    /// <summary>Refuses a column without values of one kind.</summary>
    /// <exception cref="InvalidDataException">Its values are lists or the like.</exception>
    internal void MustHaveValues(TableColumn column)
    {
        if (column.Unusable is { } type)
        {
            throw new InvalidDataException($"'{Path}': column '{column.Name}' is {type}, but a feature or label is a number, a date or a word. "
                + (options.IsOfCommand ? "Write its parts into columns of their own." : "Write its parts into columns of their own, or leave it out: "
                    + $"data.ignore: [{column.Name}]."));
        }
    }

    /// <summary>The error of a column that should hold numbers.</summary>
    internal string HoldsWords(TableColumn column, string expected)
    {
        var (line, word) = column.FirstWords.Count > 0 ? column.FirstWords[0] : (0, column.Counts.Keys.FirstOrDefault() ?? "");
        return $"'{Path}', {column.At(line)}: column '{column.Name}' holds words ('{word}'), but {expected}.";
    }

    /// <summary>The table with the kinds of another's columns.</summary>
    /// <param name="other">The table to train on.</param>
    /// <param name="ignored">Columns that are not used, and may be anything.</param>
    /// <param name="label">A column that one of the two may lack; <see langword="null"/>, the default, for none.</param>
    /// <exception cref="InvalidDataException">It has other columns, or words where the other has numbers.</exception>
    internal Table MustMatch(Table other, IReadOnlyCollection<string> ignored, string? label = null)
    {
        var (mine, others) = (Used(this), Used(other));
        if (!mine.SequenceEqual(others))
        {
            throw new InvalidDataException($"'{Path}' has the columns {string.Join(", ", mine)} but '{other.Path}' has {string.Join(", ", others)}.");
        }

        List<string> Used(Table table) => [.. table.Columns.Select(c => c.Name).Where(n => n != label && !ignored.Contains(n))];
        var kinds = other.Columns.Where(c => !ignored.Contains(c.Name)).ToDictionary(c => c.Name);
        return new(this, Columns.Select(c => kinds.TryGetValue(c.Name, out var kind) ? MustMatch(c, kind, other.Path) : c));
    }

    private TableColumn MustMatch(TableColumn mine, TableColumn other, string path)
    {
        if (mine.Unusable is not null || other.Unusable is not null)
        {
            return mine;
        }

        if (other.IsNumber)
        {
            mine = mine.AsNumbers ?? throw new InvalidDataException(HoldsWords(mine, "in the training table it holds numbers"));
        }

        if (mine.IsNumber && other.IsNumber && mine.Values > 0 && other.Values > 0)
        {
            TrainedTable.MustBeAlike(Path, mine, other.Form.Around, $"'{path}' has");
        }

        if (mine.Dates is null != other.Dates is null && !other.IsNumber && mine.Values > 0)
        {
            throw new InvalidDataException($"'{Path}': column '{mine.Name}' holds {(mine.Dates is null ? "no dates" : "dates")}, but "
                + $"{(other.Dates is null ? "none" : "dates")} in '{path}'; write them the same way.");
        }

        if (other.Dates is { HasTime: true })
        {
            TrainedTable.MustBeOfZone(Path, mine, other.Zone, $"those of '{path}'");
        }

        return other.IsNumber ? mine : (mine with { IsNumber = false, Gap = mine.Infinite is null ? mine.Gap : null }).SpelledAs([.. other.Counts.Keys]);
    }

    /// <summary>The table with other columns in place of its own.</summary>
    internal Table With(Func<TableColumn, TableColumn> changed) => new(this, Columns.Select(changed));
}
