using MlNetDl.Data;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>Batches of rows that are kept without their zeros; one batch at a time is dense.</summary>
/// <param name="rows">The rows.</param>
/// <param name="places">Batches of the same examples, whose inputs are not looked at.</param>
/// <param name="device">The device of the batches.</param>
internal sealed class SparseBatches(SparseRows rows, TensorBatches places, Device device) : IBatches, IDisposable
{
    public long ExampleCount => places.ExampleCount;

    public int BatchCount => places.BatchCount;

    public IEnumerable<Batch> Epoch(int epoch, int skip = 0)
    {
        foreach (var batch in places.Epoch(epoch, skip))
        {
            yield return batch with { Inputs = [rows.Dense(batch.Rows!.cpu().data<long>().ToArray(), device)] };
        }
    }

    public void Dispose() => places.Dispose();
}
