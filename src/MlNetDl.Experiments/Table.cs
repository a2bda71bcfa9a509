using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Experiments;

/// <summary>A column of a table.</summary>
/// <param name="Name">From the header row.</param>
/// <param name="IsNumber">Whether every value that is there is a number.</param>
/// <param name="IsBoolean">Whether every value that is there is true or false.</param>
public sealed record TableColumn(string Name, bool IsNumber, bool IsBoolean)
{
    /// <summary>The first value that is not there, or is no finite number in a column of numbers: its line in the file and its text; <see langword="null"/> when there is none.</summary>
    internal (long Line, string Text)? Gap { get; init; }
}

/// <summary>A CSV or TSV file with a header row, as ML.NET's text loader reads it.</summary>
public sealed class Table
{
    private Table(string path, char separator, IReadOnlyList<TableColumn> columns) => (Path, Separator, Columns) = (path, separator, columns);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>A tab for <c>.tsv</c> and where the header has one, else a comma, or a semicolon where the header has only those.</summary>
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
            throw new FileNotFoundException($"The table '{path}' does not exist.", path);
        }

        var header = File.ReadLines(path).FirstOrDefault() ?? throw new InvalidDataException($"The table '{path}' is empty; expected a header row and rows.");
        char separator = header.Contains('\t', StringComparison.Ordinal) ? '\t' : header.Contains(',', StringComparison.Ordinal) || !header.Contains(';', StringComparison.Ordinal) ? ',' : ';';
        int count = header.Split(separator).Length;
        var ml = new MLContext();
        var text = ml.Data.LoadFromTextFile(path, Options(separator, hasHeader: false, [new TextLoader.Column("All", DataKind.String, 0, count - 1)]));
        var rows = text.GetColumn<ReadOnlyMemory<char>[]>("All").GetEnumerator();
        if (!rows.MoveNext())
        {
            throw new InvalidDataException($"The table '{path}' is empty; expected a header row and rows.");
        }

        var names = rows.Current.Select(n => n.ToString().Trim()).ToArray();
        bool[] number = [.. names.Select(_ => true)], boolean = [.. names.Select(_ => true)];
        var empty = new (long Line, string Text)?[names.Length];
        var infinite = new (long Line, string Text)?[names.Length];
        long lines = 0;
        for (; rows.MoveNext(); lines++)
        {
            for (int i = 0; i < names.Length; i++)
            {
                var value = rows.Current[i].Span;
                if (value.IsEmpty)
                {
                    empty[i] ??= (lines + 2, "");
                    continue;
                }

                bool finite = float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out float parsed) && float.IsFinite(parsed);
                if (!finite)
                {
                    infinite[i] ??= (lines + 2, value.ToString());
                }

                number[i] &= finite || IsNoFiniteNumber(value);
                boolean[i] &= bool.TryParse(value, out _);
            }
        }

        return lines > 0 && names.Distinct().Count() == names.Length && names.All(n => n.Length > 0)
            ? new(path, separator, [.. names.Select((n, i) => new TableColumn(n, number[i], boolean[i]) { Gap = number[i] ? Earlier(empty[i], infinite[i]) : empty[i] })])
            : throw new InvalidDataException(lines == 0 ? $"The table '{path}' has a header but no rows." : $"The header of '{path}' has empty or repeated names: {string.Join(", ", names)}.");
    }

    /// <summary>Loads the rows.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="label">The column that is read as <paramref name="labelKind"/>; <see langword="null"/> for none.</param>
    /// <param name="labelKind">The label's kind.</param>
    /// <param name="ignore">Columns that are left out.</param>
    public IDataView Load(MLContext ml, string? label, DataKind labelKind, IEnumerable<string>? ignore = null)
    {
        var left = (ignore ?? []).ToHashSet();
        return Load(ml, [.. Columns.Select((c, i) => new TextLoader.Column(c.Name, c.Name == label ? labelKind : c.IsNumber ? DataKind.Single : DataKind.String, i)).Where(c => !left.Contains(c.Name))]);
    }

    /// <summary>Refuses values that are not there: of features only numbers (among words, nothing is a word of its own), of the label any.</summary>
    /// <exception cref="InvalidDataException">A value is missing, or is no finite number; names its line.</exception>
    internal void MustBeComplete(IEnumerable<string> features, string? label)
    {
        var wanted = features.ToHashSet();
        foreach (var column in Columns.Where(c => c.Name == label || (wanted.Contains(c.Name) && c.IsNumber)))
        {
            if (column.Gap is var (line, text))
            {
                throw new InvalidDataException($"'{Path}', line {line}: column '{column.Name}' {(text.Length == 0 ? "is empty" : $"is '{text}'")}; " + (column.Name == label
                    ? "every row needs a label. Fill it in or drop the row."
                    : "a network needs a finite number in every row. Fill it in, drop the row, or leave the column out with data.ignore."));
            }
        }
    }

    internal IDataView Load(MLContext ml, IReadOnlyList<TextLoader.Column> columns) => ml.Data.LoadFromTextFile(Path, Options(Separator, hasHeader: true, [.. columns]));

    internal Table MustMatch(Table other) => Columns.Select(c => c.Name).SequenceEqual(other.Columns.Select(c => c.Name))
        ? new(Path, Separator, [.. Columns.Zip(other.Columns, MustMatch)])
        : throw new InvalidDataException($"'{Path}' has the columns {string.Join(", ", Columns.Select(c => c.Name))} but '{other.Path}' has {string.Join(", ", other.Columns.Select(c => c.Name))}.");

    private TableColumn MustMatch(TableColumn mine, TableColumn other) => mine.IsNumber || !other.IsNumber
        ? other with { Gap = mine.Gap }
        : throw new InvalidDataException($"Column '{mine.Name}' of '{Path}' holds words, but in the training table it holds numbers.");

    // A column with such a value among numbers is still one of numbers, with a value missing: taken for words, it would become categories without a word.
    private static bool IsNoFiniteNumber(ReadOnlySpan<char> value) => value.TrimStart("+-").ToString().ToUpperInvariant() is "?" or "NA" or "N/A" or "NAN" or "NULL" or "INF" or "INFINITY" or "∞"
        || float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static (long Line, string Text)? Earlier((long Line, string Text)? a, (long Line, string Text)? b) => a is null || (b is not null && b.Value.Line < a.Value.Line) ? b : a;

    private static TextLoader.Options Options(char separator, bool hasHeader, TextLoader.Column[] columns) => new()
    {
        Separators = [separator], HasHeader = hasHeader, AllowQuoting = true, TrimWhitespace = true, Columns = columns, MissingRealsAsNaNs = true,
    };
}
