using System.Diagnostics;
using MlNetDl.Data;

namespace MlNetDl.Training;

/// <summary>Hands out an epoch's batches and counts them.</summary>
/// <param name="batches">The batches.</param>
/// <param name="waiting">Runs while somebody waits for one.</param>
internal sealed class BatchSource(IEnumerable<Batch> batches, Stopwatch waiting) : IBatchSource, IDisposable
{
    private readonly IEnumerator<Batch> rows = batches.GetEnumerator();
    private int taken;

    public Batch? Next()
    {
        waiting.Start();
        bool more = rows.MoveNext();
        waiting.Stop();
        taken += more ? 1 : 0;
        return more ? rows.Current : null;
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
