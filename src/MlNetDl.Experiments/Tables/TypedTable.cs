using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>A table whose file says of which type its columns are. Its fields are texts that these types write without loss, so all that follows is the same
/// as for a table that is a text, but nothing is guessed.</summary>
/// <param name="path">The file.</param>
/// <param name="options">What people say of it.</param>
internal abstract class TypedTable(string path, TableOptions options) : TableSource(path)
{
    // Names of files as programs give them; what is in a file tells in the end.
    private static readonly string[] Endings = [".parquet", ".pq", ".arrow", ".arrows", ".feather", ".ipc"];

    // What a pandas index becomes in a file.
    private const string Index = "__index_level_";

    private List<TypedColumn>? columns;
    private List<TypedColumn>? others;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> Names => [.. Columns.Select(c => c.Name)];

    /// <inheritdoc/>
    public sealed override string Place => "row";

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> Notes =>
    [
        .. HasUsualName(Path) ? [] : new[] { $"{Form}, whatever its name says" },
        .. Idle().Select(key => $"{options.Say(key)} says nothing of a file of {Form}"),
        .. Columns.Where(c => c.Zone is not null).Select(c => $"column '{c.Name}' has moments with a zone{(c.Zone == "UTC" ? "" : $" ({c.Zone})")}: "
            + "read as those of UTC"),
    ];

    /// <summary>The columns that have fields.</summary>
    protected IReadOnlyList<TypedColumn> Columns => columns ?? [];

    /// <summary>What the form is called.</summary>
    protected abstract string Form { get; }

    /// <summary>Whether a file's name, or its first bytes, say that it is such a table.</summary>
    public static bool Is(string path) => HasUsualName(path)
        || (File.Exists(path) && FormOf(path) is not null);

    /// <summary>Opens such a file; <see langword="null"/> where it is another one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What people say of it.</param>
    /// <exception cref="InvalidDataException">It is damaged, or of a form that is not read.</exception>
    public static TypedTable? Open(string path, TableOptions options)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidDataException($"'{path}' is a folder, but a table is one file; name a file, or write the parts into one.");
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The table '{path}' does not exist.{MissingFile.Place(path)}", path);
        }

        return FormOf(path) switch
        {
            null => null,
            "Parquet" => new ParquetTable(path, options),
            "Arrow" => new ArrowTable(path, options),
            "encrypted Parquet" => throw new InvalidDataException($"'{path}' is an encrypted Parquet file; write it again without encryption."),
            _ => throw new InvalidDataException($"'{path}' is a Feather file of version 1, which is no longer written; save it as version 2, or as Parquet."),
        };
    }

    /// <summary>The form of a file by its first bytes; <see langword="null"/> where it is no such table.</summary>
    public static string? FormOf(ReadOnlySpan<byte> start) => start.StartsWith("PAR1"u8) ? "Parquet"
        : start.StartsWith("PARE"u8) ? "encrypted Parquet"
        : start.StartsWith("FEA1"u8) ? "Feather"
        : start.StartsWith("ARROW1"u8) || start is [0xFF, 0xFF, 0xFF, 0xFF, ..] ? "Arrow"
        : null;

    /// <inheritdoc/>
    public sealed override CellKind KindOf(int place) => Columns[place].Kind;

    /// <inheritdoc/>
    public sealed override IEnumerable<TableColumn> WithUnusable(IEnumerable<TableColumn> columns) => columns.Select(c => (Columns[c.Place].Index, Column: c))
        .Concat(others!.Select(o => (o.Index, Column: new TableColumn(o.Name, false, false) { Place = -1, Unusable = o.Type })))
        .OrderBy(c => c.Index).Select(c => c.Column);

    /// <summary>Reads, and says in plain words what fails.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    protected T Try<T>(Func<T> read, string? column = null)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (OutOfMemoryException or UnauthorizedAccessException or FileNotFoundException))
        {
            throw new InvalidDataException($"'{Path}'{(column is null ? "" : $", column '{column}'")}: the {Form} file "
                + (e is NotSupportedException or NotImplementedException
                    ? "has an encoding that is not read here. Write it in version 1 of its format, or save it as CSV."
                    : "is damaged or cut off. Copy or write it again, or save it as CSV."), e);
        }
    }

    /// <summary>Takes the columns that have a kind, and sets aside the others.</summary>
    protected void Take(IEnumerable<TypedColumn> all)
    {
        var found = all.ToList();
        if (found.Count == 0)
        {
            throw new InvalidDataException($"The table '{Path}' has no columns.");
        }

        // Places are those of the fields that are read.
        columns = [.. found.Where(c => c.Kind != CellKind.Seen)];
        others = [.. found.Where(c => c.Kind == CellKind.Seen)];
    }

    /// <summary>Whether a column is an index that pandas wrote beside the data.</summary>
    public static bool IsIndex(string name) => name.StartsWith(Index, StringComparison.Ordinal);

    private static bool HasUsualName(string path) => Endings.Contains(System.IO.Path.GetExtension(path).ToLowerInvariant());

    // What is said of texts.
    private IEnumerable<string> Idle()
    {
        if (options.Header is not null)
        {
            yield return "header";
        }

        if (options.Separator is not null)
        {
            yield return "separator";
        }

        if (options.Encoding is not null)
        {
            yield return "encoding";
        }
    }

    private static string? FormOf(string path)
    {
        Span<byte> start = stackalloc byte[8];
        using var file = File.OpenRead(path);
        return FormOf(start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }
}

/// <summary>A column of a typed table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its values are; <see cref="CellKind.Seen"/> where they are none of one kind.</param>
/// <param name="Type">Its type in words.</param>
/// <param name="Index">Its place among all columns of the file.</param>
internal sealed record TypedColumn(string Name, CellKind Kind, string Type, int Index)
{
    /// <summary>The zone of its moments; <see langword="null"/> where they have none.</summary>
    public string? Zone { get; init; }
}
