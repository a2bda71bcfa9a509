using MlNetDl.Data;

namespace MlNetDl.Recipes;

/// <summary>The training part or the validation part of a stream. The seed decides the rows of each, so every pass
/// agrees.</summary>
/// <param name="rows">The stream.</param>
/// <param name="split">Decides the part of each row.</param>
/// <param name="held">Whether this is the validation part.</param>
/// <param name="count">The number of rows of the part, from an earlier pass: counting them here would take another
/// pass.</param>
internal sealed class HeldOutRows(RowSource rows, HeldOutSplit split, bool held, long count) : RowsOf(rows)
{
    public override long Count => count;

    public override IEnumerable<Row> Read()
    {
        var holdOut = split.Start();
        return Rows.Read().Where(row => holdOut.Next(split.Stratum(row)) == held);
    }
}
