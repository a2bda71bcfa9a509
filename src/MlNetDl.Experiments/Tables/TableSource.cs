namespace MlNetDl.Experiments;

/// <summary>The file beneath a table: text, or columns that have types.</summary>
/// <param name="path">The file.</param>
internal abstract class TableSource(string path)
{
    /// <summary>What a row without any value is called.</summary>
    public const string Blank = "row without any value";

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>The columns' names in order.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>What is said of the form.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>What stands between fields; <see langword="null"/> where nothing does.</summary>
    public virtual char? Separator => null;

    /// <summary>What the place of a row is called: a line of a text, else a row.</summary>
    public virtual string Place => "line";

    /// <summary>How many bytes the rows take in memory, about.</summary>
    public abstract long Size { get; }

    /// <summary>The columns with those between them that have no fields, because their values are of no one kind, such as lists.</summary>
    public virtual IEnumerable<TableColumn> WithUnusable(IEnumerable<TableColumn> columns) => columns;

    /// <summary>What the file says of a column's values.</summary>
    /// <param name="place">Its place in a row.</param>
    public virtual CellKind KindOf(int place) => CellKind.Seen;

    /// <summary>The rows. Each reading opens the file anew.</summary>
    /// <param name="keepsBlank">Whether rows without any value are rows.</param>
    /// <param name="left">Is told of lines that are left out.</param>
    /// <exception cref="InvalidDataException">The file is damaged; or a row has another number of fields.</exception>
    public IEnumerable<TableRecord> Rows(bool keepsBlank, Action<string, long>? left = null)
    {
        foreach (var record in Read(keepsBlank, left))
        {
            if (record.IsBlank && !keepsBlank)
            {
                left?.Invoke(Blank, record.Line);
            }
            else
            {
                yield return record;
            }
        }
    }

    /// <summary>Opens a file as what its first bytes say, whatever it is called.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What people say of it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no table.</exception>
    public static TableSource Of(string path, TableOptions options) => TypedTable.Open(path, options) is { } typed ? typed : new TextTable(path, options);

    /// <summary>All rows.</summary>
    protected abstract IEnumerable<TableRecord> Read(bool keepsBlank, Action<string, long>? left);
}

/// <summary>What a file says of a column's values.</summary>
internal enum CellKind
{
    /// <summary>Nothing: the kind is seen from the values.</summary>
    Seen,

    /// <summary>Numbers.</summary>
    Number,

    /// <summary>True and false.</summary>
    YesNo,

    /// <summary>Texts, which may be dates.</summary>
    Text,

    /// <summary>Categories.</summary>
    Category,

    /// <summary>Dates.</summary>
    Date,

    /// <summary>Dates with a time.</summary>
    Moment,

    /// <summary>Dates with a time, in UTC.</summary>
    Instant,

    /// <summary>Times of the day.</summary>
    Time,
}
