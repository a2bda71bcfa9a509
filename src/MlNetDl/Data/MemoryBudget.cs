namespace MlNetDl.Data;

/// <summary>Memory that decoded images may take. Several sets may share one: who comes first takes first.</summary>
/// <param name="bytes">How many bytes, 0 or more; 0 holds nothing.</param>
public sealed class MemoryBudget(long bytes)
{
    // Workers of a sweep read their data beside each other.
    private const int Share = 4;

    private readonly Lock gate = new();
    private long left = bytes >= 0 ? bytes : throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "A budget has 0 bytes or more.");

    /// <summary>How many bytes it had in the beginning.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>A quarter of the memory that the machine, or the container, has free now.</summary>
    public static MemoryBudget OfMachine()
    {
        // What is told is as it was at the last collection, and before the first one nothing is.
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        var memory = GC.GetGCMemoryInfo();
        return new(Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes) / Share);
    }

    /// <summary>Takes memory, if there is so much left.</summary>
    internal bool TryTake(long wanted)
    {
        lock (gate)
        {
            bool fits = wanted <= left;
            left -= fits ? wanted : 0;
            return fits;
        }
    }

    /// <summary>Takes memory for as many items as fit.</summary>
    /// <param name="items">How many there are.</param>
    /// <param name="size">Bytes of one, 1 or more.</param>
    /// <returns>How many fit.</returns>
    internal int Take(int items, long size)
    {
        lock (gate)
        {
            int fitting = (int)Math.Min(items, left / size);
            left -= fitting * size;
            return fitting;
        }
    }
}
