namespace MlNetDl.Data;

/// <summary>A set of examples in batches.</summary>
/// <remarks>The batches of an epoch follow from the seed and the epoch's number alone, so that training can be resumed
/// in the middle of one.</remarks>
public interface IBatches
{
    /// <summary>Examples in one epoch.</summary>
    long ExampleCount { get; }

    /// <summary>Batches in one epoch.</summary>
    int BatchCount { get; }

    /// <summary>The batches of epoch <paramref name="epoch"/>, counted from 0, without the first
    /// <paramref name="skip"/>.</summary>
    /// <remarks>Each batch is drawn when asked for: enumerate inside a dispose scope per step. Dispose the enumerator
    /// to stop early.</remarks>
    IEnumerable<Batch> Epoch(int epoch, int skip = 0);
}
