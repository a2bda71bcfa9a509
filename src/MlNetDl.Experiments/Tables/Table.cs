using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>A column of a table.</summary>
/// <param name="Name">From the header row.</param>
/// <param name="IsNumber">Whether every value that is there is a number.</param>
/// <param name="IsBoolean">Whether every value that is there is true or false.</param>
public sealed record TableColumn(string Name, bool IsNumber, bool IsBoolean)
{
    // In so few rows, all words may differ by chance.
    private const int FewRows = 20;
    private const double NearlyAll = 0.9;

    /// <summary>The first value that is not there, or is no finite number in a column of numbers: its line in the file
    /// and its text; <see langword="null"/> when there is none.</summary>
    internal (long Line, string Text)? Gap { get; init; }

    /// <summary>How many values are numbers.</summary>
    internal long Numbers { get; init; }

    /// <summary>How many values are words: there, and neither a number nor what stands for a missing one.</summary>
    internal long Words { get; init; }

    /// <summary>How many of them, the first ones, were compared with each other.</summary>
    internal long ComparedWords { get; init; }

    /// <summary>How many of these differ.</summary>
    internal long DifferentWords { get; init; }

    /// <summary>Whether it holds words of which nearly every row has another, as names of rows and dates do: no
    /// category that comes again, so nothing to learn from.</summary>
    internal bool NamesRows => !IsNumber && ComparedWords > FewRows && DifferentWords > NearlyAll * ComparedWords;

    /// <summary>The first of them, each with its line.</summary>
    internal IReadOnlyList<(long Line, string Text)> FirstWords { get; init; } = [];

    /// <summary>The column with all its values taken as words.</summary>
    internal TableColumn AsWords => this with { IsNumber = false, Gap = Gap is (_, "") ? Gap : null };
}

/// <summary>A CSV or TSV file with a header row, as ML.NET's text loader reads it.</summary>
public sealed class Table
{
    private Table(string path, char separator, IReadOnlyList<TableColumn> columns) =>
        (Path, Separator, Columns) = (path, separator, columns);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>A tab for <c>.tsv</c> and where the header has one, else a comma, or a semicolon where the header
    /// has only those.</summary>
    public char Separator { get; }

    /// <summary>The columns in order.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>Looks at a file: its header and the kinds of its columns.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It has no header or no rows.</exception>
    public static Table Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The table '{path}' does not exist.{MissingFile.Place(path)}", path);
        }

        using var lines = TableLines.Read(path).GetEnumerator();
        if (!lines.MoveNext())
        {
            throw new InvalidDataException($"The table '{path}' is empty; expected a header row and rows.");
        }

        var header = lines.Current.Text;
        char separator = header.Contains('\t', StringComparison.Ordinal) ? '\t'
            : header.Contains(',', StringComparison.Ordinal) || !header.Contains(';', StringComparison.Ordinal) ? ','
            : ';';
        int count = TableLines.Fields(header, separator);
        var ml = new MLContext();
        var text = ml.Data.LoadFromTextFile(
            path, Options(separator, hasHeader: false, [new TextLoader.Column("All", DataKind.String, 0, count - 1)]));
        using var rows = text.GetColumn<ReadOnlyMemory<char>[]>("All").GetEnumerator();
        rows.MoveNext();
        var names = rows.Current.Select(n => n.ToString().Trim()).ToArray();
        if (names.Distinct().Count() != names.Length || names.Any(n => n.Length == 0))
        {
            throw new InvalidDataException($"The header of '{path}' has empty or repeated names: {string.Join(", ", names)}.");
        }

        var columns = names.Select(name => new ColumnReader(name)).ToArray();
        bool any = false;
        for (; rows.MoveNext() && lines.MoveNext(); any = true)
        {
            int fields = TableLines.Fields(lines.Current.Text, separator);
            if (fields != count)
            {
                var found = $"{fields} field{(fields == 1 ? "" : "s")}";
                throw new InvalidDataException($"'{path}', line {lines.Current.Number}: {found}, but the header has {count}. " +
                    $"Put values that contain '{(separator == '\t' ? "\\t" : separator)}' in double quotes; a value ends on its line.");
            }

            for (int i = 0; i < columns.Length; i++)
            {
                columns[i].Take(rows.Current[i].Span, lines.Current.Number);
            }
        }

        if (!any)
        {
            throw new InvalidDataException($"The table '{path}' has a header but no rows.");
        }

        return new(path, separator, [.. columns.Select(c => c.Column)]);
    }

    /// <summary>Loads the rows.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="label">The column that is read as <paramref name="labelKind"/>;
    /// <see langword="null"/> for none.</param>
    /// <param name="labelKind">The label's kind.</param>
    /// <param name="ignore">Columns that are left out.</param>
    public IDataView Load(MLContext ml, string? label, DataKind labelKind, IEnumerable<string>? ignore = null)
    {
        var left = (ignore ?? []).ToHashSet();
        var columns = Columns.Select((c, i) => new TextLoader.Column(c.Name, KindOf(c), i));
        return Load(ml, [.. columns.Where(c => !left.Contains(c.Name))]);

        DataKind KindOf(TableColumn column) => column.Name == label ? labelKind : column.IsNumber ? DataKind.Single : DataKind.String;
    }

    /// <summary>Refuses missing values: numbers of features, and any value of the label. A missing word of a feature is
    /// a category of its own.</summary>
    /// <exception cref="InvalidDataException">A value is missing, or is no finite number; names its line.</exception>
    internal void MustBeComplete(IEnumerable<string> features, string? label)
    {
        var wanted = features.ToHashSet();
        foreach (var column in Columns.Where(c => c.Name == label || (wanted.Contains(c.Name) && c.IsNumber)))
        {
            if (column.Gap is var (line, text))
            {
                var found = text.Length == 0 ? "is empty" : $"is '{text}'";
                throw new InvalidDataException($"'{Path}', line {line}: column '{column.Name}' {found}; " + (column.Name == label
                    ? "every row needs a label. Fill it in or drop the row."
                    : "a network needs a finite number in every row. Fill it in, drop the row, or leave the column out with data.ignore."));
            }
        }
    }

    /// <summary>The table with the kinds of some columns stated instead of seen.</summary>
    /// <param name="numeric">Columns of numbers: a word among them is an error.</param>
    /// <param name="categorical">Columns of words, also where all of them are numbers.</param>
    /// <exception cref="InvalidDataException">A column of <paramref name="numeric"/> holds a word;
    /// names its line.</exception>
    internal Table With(IReadOnlyCollection<string> numeric, IReadOnlyCollection<string> categorical) => new(
        Path,
        Separator,
        [.. Columns.Select(c => categorical.Contains(c.Name) ? c.AsWords : numeric.Contains(c.Name) ? MustBeNumbers(c) : c)]);

    private TableColumn MustBeNumbers(TableColumn column)
    {
        if (!column.IsNumber)
        {
            throw new InvalidDataException(HoldsWords(column, "data.numeric says that it holds numbers"));
        }

        return column;
    }

    /// <summary>The error of a column that should hold numbers.</summary>
    internal string HoldsWords(TableColumn column, string expected) =>
        $"'{Path}', line {column.FirstWords[0].Line}: column '{column.Name}' holds words ('{column.FirstWords[0].Text}'), but {expected}.";

    internal IDataView Load(MLContext ml, IReadOnlyList<TextLoader.Column> columns) =>
        ml.Data.LoadFromTextFile(Path, Options(Separator, hasHeader: true, [.. columns]));

    /// <summary>The table with the kinds of another's columns.</summary>
    /// <param name="other">The table to train on.</param>
    /// <param name="label">A column that one of the two may lack; <see langword="null"/>, the default, for none.</param>
    /// <exception cref="InvalidDataException">It has other columns, or words where the other has numbers.</exception>
    internal Table MustMatch(Table other, string? label = null)
    {
        if (!Columns.Select(c => c.Name).Where(n => n != label).SequenceEqual(other.Columns.Select(c => c.Name).Where(n => n != label)))
        {
            throw new InvalidDataException($"'{Path}' has the columns {string.Join(", ", Columns.Select(c => c.Name))} "
                + $"but '{other.Path}' has {string.Join(", ", other.Columns.Select(c => c.Name))}.");
        }

        var kinds = other.Columns.ToDictionary(c => c.Name);
        return new(Path, Separator, [.. Columns.Select(c => kinds.TryGetValue(c.Name, out var kind) ? MustMatch(c, kind) : c)]);
    }

    private TableColumn MustMatch(TableColumn mine, TableColumn other)
    {
        if (!mine.IsNumber && other.IsNumber)
        {
            throw new InvalidDataException(HoldsWords(mine, "in the training table it holds numbers"));
        }

        return other with { Gap = mine.Gap };
    }

    private static TextLoader.Options Options(char separator, bool hasHeader, TextLoader.Column[] columns) => new()
    {
        Separators = [separator],
        HasHeader = hasHeader,
        AllowQuoting = true,
        TrimWhitespace = true,
        Columns = columns,
        MissingRealsAsNaNs = true,
    };
}
