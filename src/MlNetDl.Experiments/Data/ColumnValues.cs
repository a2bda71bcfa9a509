using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Experiments;

/// <summary>The values of columns of a view, of which as many are read in one pass as memory has room for.</summary>
/// <param name="view">The view.</param>
/// <param name="names">The columns, in the order in which they are asked for.</param>
internal sealed class ColumnValues(IDataView view, IReadOnlyList<string> names)
{
    // A value, and what a list has beside it.
    private const long BytesOfValue = 32, MostBytes = 1L << 28;

    private readonly int together = (int)Math.Clamp(MostBytes / (BytesOfValue * Math.Max(1, ViewRows.Count(view))), 1, names.Count + 1);

    private Dictionary<string, List<float>> numbers = [];
    private Dictionary<string, List<DateTime?>> dates = [];

    /// <summary>The numbers of a column.</summary>
    public IReadOnlyList<float> Numbers(string name) => numbers.GetValueOrDefault(name) ?? Read(name, () => numbers);

    /// <summary>The dates of a column, as a model takes them; <see langword="null"/> for one that is not there.</summary>
    public IReadOnlyList<DateTime?> Dates(string name) => dates.GetValueOrDefault(name) ?? Read(name, () => dates);

    private List<T> Read<T>(string name, Func<Dictionary<string, List<T>>> of)
    {
        var columns = names.SkipWhile(n => n != name).Take(together).Select(n => view.Schema[n]).ToList();
        (numbers, dates) = ([], []);
        using var cursor = view.GetRowCursor(columns);
        var reads = columns.ConvertAll(column => column.Type is NumberDataViewType ? Numbers(cursor, column) : Dates(cursor, column));
        while (cursor.MoveNext())
        {
            reads.ForEach(read => read());
        }

        return of()[name];
    }

    private Action Numbers(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        var (getter, values) = (cursor.GetGetter<float>(column), numbers[column.Name] = []);
        return () =>
        {
            float value = 0;
            getter(ref value);
            values.Add(value);
        };
    }

    private Action Dates(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        var (getter, values) = (cursor.GetGetter<ReadOnlyMemory<char>>(column), dates[column.Name] = []);
        return () =>
        {
            ReadOnlyMemory<char> text = default;
            getter(ref text);
            values.Add(DateTime.TryParseExact(text.Span, DateForm.Standard, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null);
        };
    }
}
