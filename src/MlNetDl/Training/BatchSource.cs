using MlNetDl.Data;

namespace MlNetDl.Training;

/// <summary>Hands out an epoch's batches and counts them.</summary>
internal sealed class BatchSource(IEnumerable<Batch> batches) : IBatchSource, IDisposable
{
    private readonly IEnumerator<Batch> rows = batches.GetEnumerator();
    private int taken;

    public Batch? Next()
    {
        if (!rows.MoveNext())
        {
            return null;
        }

        taken++;
        return rows.Current;
    }

    /// <summary>The number of batches handed out since the last call.</summary>
    public int TakeCount()
    {
        int count = taken;
        taken = 0;
        return count;
    }

    public void Dispose() => rows.Dispose();
}
