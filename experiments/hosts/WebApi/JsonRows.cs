using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Hosts;

/// <summary>Rows of JSON objects as the columns that a model reads. A name that the model does not know, a column that it needs and a row lacks, and a
/// value of another type are refused with the row's number.</summary>
internal sealed class JsonRows : IDataView
{
    private readonly IReadOnlyList<JsonElement> rows;

    /// <summary>Checks all rows.</summary>
    /// <param name="schema">The model's input.</param>
    /// <param name="needed">The columns that every row must have; others may be missing.</param>
    /// <param name="rows">The objects.</param>
    /// <exception cref="FormatException">A row is of another form.</exception>
    public JsonRows(DataViewSchema schema, IReadOnlySet<string> needed, IReadOnlyList<JsonElement> rows)
    {
        (Schema, this.rows) = (schema, rows);
        for (int i = 0; i < rows.Count; i++)
        {
            Check(rows[i], i + 1, needed);
        }
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => rows.Count;

    /// <summary>The columns of a type that this cannot give.</summary>
    public static IEnumerable<DataViewSchema.Column> Unsuited(DataViewSchema schema) => schema.Where(c => Read(c.Type) is null);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private void Check(JsonElement row, int number, IReadOnlySet<string> needed)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"Row {number} is {row.ValueKind}; expected an object with a value for each of: {string.Join(", ", needed)}.");
        }

        foreach (var property in row.EnumerateObject())
        {
            var column = Schema.GetColumnOrNull(property.Name)
                ?? throw new FormatException($"Row {number} has '{property.Name}', which the model does not read; it reads: {string.Join(", ", needed)}.");
            try
            {
                _ = property.Value.ValueKind == JsonValueKind.Null ? null : Read(column.Type)!(property.Value);
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException)
            {
                throw new FormatException($"Row {number} has {property.Value.GetRawText()} for '{property.Name}'; expected {column.Type}.");
            }
        }

        if (needed.FirstOrDefault(n => !row.TryGetProperty(n, out _)) is { } missing)
        {
            throw new FormatException($"Row {number} lacks '{missing}'; give null where its value is missing.");
        }
    }

    // How a value is read; null for a type that JSON does not give.
    private static Func<JsonElement, object>? Read(DataViewType type) => type switch
    {
        NumberDataViewType t when t == NumberDataViewType.Single => e => e.GetSingle(),
        NumberDataViewType t when t == NumberDataViewType.Double => e => e.GetDouble(),
        NumberDataViewType t when t == NumberDataViewType.Int32 => e => e.GetInt32(),
        NumberDataViewType t when t == NumberDataViewType.Int64 => e => e.GetInt64(),
        BooleanDataViewType => e => e.GetBoolean(),
        TextDataViewType => e => e.GetString().AsMemory(),
        DateTimeDataViewType => e => DateTime.Parse(e.GetString()!, CultureInfo.InvariantCulture),
        VectorDataViewType { ItemType: NumberDataViewType t } v when t == NumberDataViewType.Single => e =>
        {
            var values = e.EnumerateArray().Select(x => x.GetSingle()).ToArray();
            return v.Size == 0 || v.Size == values.Length ? new VBuffer<float>(values.Length, values)
                : throw new FormatException($"{values.Length} values");
        }
        ,
        _ => null,
    };

    private static object Missing(DataViewType type) => type switch
    {
        NumberDataViewType t when t == NumberDataViewType.Single => float.NaN,
        NumberDataViewType t when t == NumberDataViewType.Double => double.NaN,
        VectorDataViewType v => new VBuffer<float>(v.Size, [.. Enumerable.Repeat(float.NaN, v.Size)]),
        _ => Activator.CreateInstance(type.RawType)!,
    };

    private sealed class Cursor(JsonRows data) : DataViewRowCursor
    {
        private int row = -1;

        public override DataViewSchema Schema => data.Schema;

        public override long Position => row;

        public override long Batch => 0;

        public override bool MoveNext() => ++row < data.rows.Count;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            var (read, name, missing) = (Read(column.Type)!, column.Name, (TValue)Missing(column.Type));
            return (ref TValue target) => target =
                data.rows[row].TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? (TValue)read(value) : missing;
        }
    }
}
