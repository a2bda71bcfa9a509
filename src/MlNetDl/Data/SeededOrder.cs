namespace MlNetDl.Data;

/// <summary>Random orders that follow from a seed and an epoch alone.</summary>
internal static class SeededOrder
{
    /// <summary>A generator for that purpose. The seeded <see cref="Random"/> of .NET is stable between versions.</summary>
    public static Random Generator(int seed, int epoch) => new(unchecked((seed * 1_000_003) ^ (epoch * 7_368_787) ^ 0x5bd1e995));

    /// <summary>A permutation of 0 … count − 1.</summary>
    public static long[] Permutation(int count, int seed, int epoch)
    {
        var order = new long[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        Generator(seed, epoch).Shuffle(order);
        return order;
    }
}
