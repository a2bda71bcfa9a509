using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.MlNet;

/// <summary>The training or the validation part of a stream; which rows they are follows from the seed, so every pass agrees.</summary>
internal sealed class HeldOutRows(RowSource rows, PredictionTask task, double fraction, int seed, bool held) : RowSource
{
    private long? count;

    public override Shape Shape => rows.Shape;

    public override int TargetWidth => rows.TargetWidth;

    public override bool Weighted => rows.Weighted;

    public override long Count => count ??= fraction == 0 ? (held ? 0 : rows.Count) : Read().LongCount();

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
