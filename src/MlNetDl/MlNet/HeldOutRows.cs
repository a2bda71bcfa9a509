using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.MlNet;

/// <summary>The training or the validation part of a stream; which rows they are follows from the seed, so every pass agrees.</summary>
/// <param name="rows">The stream.</param>
/// <param name="task">What its labels are.</param>
/// <param name="fraction">Share of the validation part.</param>
/// <param name="seed">The seed.</param>
/// <param name="held">Whether this is the validation part.</param>
/// <param name="count">Rows of the part, counted by a pass before: counting them here would take one of its own.</param>
internal sealed class HeldOutRows(RowSource rows, PredictionTask task, double fraction, int seed, bool held, long count) : RowSource
{
    public override Shape Shape => rows.Shape;

    public override int TargetWidth => rows.TargetWidth;

    public override bool Weighted => rows.Weighted;

    public override long Count => count;

    public override IEnumerable<Row> Read()
    {
        var holdOut = new HoldOut(fraction, seed);
        return rows.Read().Where(row => holdOut.Next(Stratum(row, task)) == held);
    }

    /// <summary>The class of a row by which the parts are balanced.</summary>
    public static long Stratum(Row row, PredictionTask task) => task switch
    {
        PredictionTask.Multiclass => row.Class,
        PredictionTask.Binary => (long)row.Values.Span[0],
        _ => 0,
    };
}
