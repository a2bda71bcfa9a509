using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Experiments;

/// <summary>The rows of a table as ML.NET reads them; each cursor reads the file anew.</summary>
/// <param name="rows">Reads the fields of the rows.</param>
/// <param name="columns">The columns: name, kind, and how a field is read.</param>
internal sealed class TableView(Func<IEnumerable<TableRecord>> rows, IReadOnlyList<TableViewColumn> columns) : IDataView
{
    public DataViewSchema Schema { get; } = SchemaOf(columns);

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(Schema, rows(), columns, [.. columnsNeeded.Select(c => c.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema SchemaOf(IReadOnlyList<TableViewColumn> columns)
    {
        var schema = new DataViewSchema.Builder();
        foreach (var column in columns)
        {
            if (column.Labels is { } labels)
            {
                schema.AddColumn(column.Name, labels.Type, labels.Annotations());
                continue;
            }

            schema.AddColumn(column.Name, column.Kind switch
            {
                DataKind.Single => NumberDataViewType.Single,
                DataKind.Boolean => BooleanDataViewType.Instance,
                _ => TextDataViewType.Instance,
            }, TrainedTable.Annotations(column));
        }

        return schema.ToSchema();
    }

    private sealed class Cursor(
        DataViewSchema schema, IEnumerable<TableRecord> rows, IReadOnlyList<TableViewColumn> columns, HashSet<int> active) : DataViewRowCursor
    {
        private readonly IEnumerator<TableRecord> records = rows.GetEnumerator();
        private long position = -1;

        public override long Position => position;

        public override long Batch => 0;

        public override DataViewSchema Schema => schema;

        public override bool MoveNext()
        {
            if (position == -2 || !records.MoveNext())
            {
                position = -2;
                return false;
            }

            position++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
            {
                throw new InvalidOperationException($"The column '{column.Name}' was not asked for.");
            }

            var read = columns[column.Index];
            Delegate getter = read.Kind switch
            {
                _ when read.Labels is { } labels => labels.Getter(() => records.Current.Fields),
                DataKind.Single => (ValueGetter<float>)((ref float value) => value = read.Number(Field())),
                DataKind.Boolean => (ValueGetter<bool>)((ref bool value) => value = read.Yes(Field())),
                _ => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = read.Word(Field()).AsMemory()),
            };
            return getter as ValueGetter<TValue> ?? throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"The column '{column.Name}' is {column.Type}, not {typeof(TValue).Name}."));

            string Field() => records.Current.Fields[read.Column.Place];
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                records.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

/// <summary>How a column of a table becomes one of ML.NET.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Kind">Single, Boolean or String.</param>
/// <param name="Column">The table's column.</param>
/// <param name="Positive">The word that says yes; <see langword="null"/> for the usual ones.</param>
internal sealed record TableViewColumn(string Name, DataKind Kind, TableColumn Column, string? Positive = null)
{
    /// <summary>Where it is the labels of rows that may have several: how they are read; otherwise <see langword="null"/>.</summary>
    public RowLabels? Labels { get; init; }

    /// <summary>A number; NaN where there is none.</summary>
    public float Number(string field) => ColumnReader.IsMissing(field, Column) ? float.NaN
        : Column.Form.Read(field) ?? (field.StartsWith('-') ? float.NegativeInfinity : float.PositiveInfinity);

    /// <summary>Whether a field says yes.</summary>
    public bool Yes(string field) => Positive is null ? YesNo.Of(field) == true : field == Positive;

    /// <summary>A word; empty where there is none. A date is in the form in which models take it.</summary>
    public string Word(string field) => ColumnReader.IsMissing(field, Column) ? ""
        : Column.Dates?.Read(field) is { } date ? date.ToString(DateForm.Standard, CultureInfo.InvariantCulture)
        : field;
}
