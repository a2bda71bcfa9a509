using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.MlNet;

/// <summary>Two cursors over the input: one hands its columns through, the other reads features ahead, a batch at a
/// time. Both must see the same rows: the first is compared.</summary>
internal sealed class ScoredCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor passed;
    private readonly DataViewRowCursor? ahead;
    private readonly bool[] active;
    private readonly Action<int>? read;
    private Func<bool>? isFirst;
    private readonly RowScores? scores;
    private readonly int batchSize;
    private int rows;
    private int row = -1;

    public ScoredCursor(
        NeuralNetworkTransformer transformer,
        DataViewSchema schema,
        bool[] active,
        DataViewRowCursor passed,
        DataViewRowCursor? ahead)
    {
        (Schema, this.active, this.passed, this.ahead, batchSize) = (schema, active, passed, ahead, transformer.Options.BatchSize);
        if (ahead is not null)
        {
            scores = new(transformer, batchSize);
            read = scores.Reader(ahead);
            isFirst = scores.IsFirst(passed);
        }
    }

    public override DataViewSchema Schema { get; }

    public override long Position => passed.Position;

    public override long Batch => passed.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => passed.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override bool MoveNext()
    {
        if (!passed.MoveNext())
        {
            if (ahead is not null && (row + 1 < rows || ahead.MoveNext()))
            {
                throw NotRepeatable("more");
            }

            return false;
        }

        if (scores is not null && ++row >= rows)
        {
            Score();
        }

        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!active[column.Index])
        {
            throw new InvalidOperationException($"Column '{column.Name}' is not active in this cursor; name it among the columns needed.");
        }

        return column.Index < passed.Schema.Count
            ? passed.GetGetter<TValue>(passed.Schema[column.Index])
            : scores!.Getter(column, () => row) as ValueGetter<TValue> ?? throw WrongType(column, typeof(TValue));
    }

    internal static InvalidOperationException WrongType(DataViewSchema.Column column, Type asked) =>
        new($"Column '{column.Name}' is {column.Type}, whose values are {column.Type.RawType.Name}, but {asked.Name} was asked for.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            passed.Dispose();
            ahead?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Score()
    {
        (rows, row) = (0, 0);
        while (rows < batchSize && ahead!.MoveNext())
        {
            read!(rows++);
        }

        if (rows == 0)
        {
            throw NotRepeatable("fewer");
        }

        if (isFirst is not null)
        {
            CompareFirst();
        }

        scores!.Run(rows);
    }

    // A source that can be read once only splits its rows between the two cursors: each score would stand beside
    // another row. That shows at once.
    private void CompareFirst()
    {
        bool same = isFirst!();
        isFirst = null;
        if (!same)
        {
            throw NotRepeatable("other");
        }
    }

    private static InvalidOperationException NotRepeatable(string rows) =>
        new($"The data gave {rows} rows when it was read a second time at once, so scores stand beside other rows; "
            + "give data that is the same at each reading (ml.Data.Cache makes it so).");
}
