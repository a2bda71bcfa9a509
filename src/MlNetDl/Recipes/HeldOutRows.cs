using MlNetDl.Data;

namespace MlNetDl.Recipes;

/// <summary>The training or the validation part of a stream; which rows they are follows from the seed, so every pass agrees.</summary>
/// <param name="rows">The stream.</param>
/// <param name="split">How the parts are told apart.</param>
/// <param name="held">Whether this is the validation part.</param>
/// <param name="count">Rows of the part, counted by a pass before: counting them here would take one of its own.</param>
internal sealed class HeldOutRows(RowSource rows, HeldOutSplit split, bool held, long count) : RowsOf(rows)
{
    public override long Count => count;

    public override IEnumerable<Row> Read()
    {
        var holdOut = split.Start();
        return Rows.Read().Where(row => holdOut.Next(split.Stratum(row)) == held);
    }
}
