using System.Diagnostics.CodeAnalysis;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Experiments;

/// <summary>Some rows of a view.</summary>
/// <param name="source">The view.</param>
/// <param name="rows">The numbers of the rows, from 0.</param>
internal sealed class ViewRows(IDataView source, IReadOnlySet<int> rows) : IDataView
{
    // Two of each class: one to train on, and one to validate with.
    private const int LeastOfClass = 2;

    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => rows.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), rows);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>How many rows a view has; a pass over it where it does not say so.</summary>
    public static long Count(IDataView view)
    {
        if (view.GetRowCount() is { } known)
        {
            return known;
        }

        using var cursor = view.GetRowCursor([]);
        long count = 0;
        while (cursor.MoveNext())
        {
            count++;
        }

        return count;
    }

    /// <summary>A few rows from all over a view, some of each class.</summary>
    /// <param name="view">The view; there may be none.</param>
    /// <param name="count">How many; more where there are many classes.</param>
    /// <param name="label">The column with the class, where it has one of words or of yes and no.</param>
    [return: NotNullIfNotNull(nameof(view))]
    public static IDataView? Few(IDataView? view, int count, string? label)
    {
        if (view is null)
        {
            return null;
        }

        var type = label is null ? null : view.Schema.GetColumnOrNull(label)?.Type;
        object[] classes = type is TextDataViewType ? [.. view.GetColumn<string>(label!)]
            : type is BooleanDataViewType ? [.. view.GetColumn<bool>(label!).Cast<object>()]
            : new object[Count(view)];
        return new ViewRows(view, Some(classes, count));
    }

    /// <summary>The numbers of a few rows: evenly from each class in its share, but a few of every class.</summary>
    /// <typeparam name="T">The type of a class.</typeparam>
    /// <param name="classes">The class of each row.</param>
    /// <param name="count">How many; more where there are many classes.</param>
    public static HashSet<int> Some<T>(IReadOnlyList<T> classes, int count)
    {
        var chosen = new HashSet<int>();
        foreach (var rowsOfClass in classes.Index().GroupBy(c => c.Item, c => c.Index).Select(g => g.ToArray()))
        {
            double share = (double)rowsOfClass.Length / classes.Count;
            int wanted = Math.Min(rowsOfClass.Length, Math.Max(LeastOfClass, (int)Math.Round(share * count)));
            chosen.UnionWith(Enumerable.Range(0, wanted).Select(i => rowsOfClass[(int)((long)i * rowsOfClass.Length / wanted)]));
        }

        return chosen;
    }

    private sealed class Cursor(DataViewRowCursor inner, IReadOnlySet<int> rows) : DataViewRowCursor
    {
        public override long Position => inner.Position;

        public override long Batch => inner.Batch;

        public override DataViewSchema Schema => inner.Schema;

        public override bool MoveNext()
        {
            while (inner.MoveNext())
            {
                if (rows.Contains((int)inner.Position))
                {
                    return true;
                }
            }

            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => inner.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => inner.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
