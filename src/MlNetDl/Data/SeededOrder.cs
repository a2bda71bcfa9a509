namespace MlNetDl.Data;

/// <summary>Random orders that follow from a seed and an epoch alone.</summary>
internal static class SeededOrder
{
    /// <summary>A generator for that purpose. The seeded <see cref="Random"/> of .NET is stable between versions.</summary>
    public static Random Generator(int seed, int epoch) => new(unchecked((seed * 1_000_003) ^ (epoch * 7_368_787) ^ 0x5bd1e995));

    /// <summary>The seed of torch's generator for a training step: SplitMix64 (Steele et al. 2014) of seed and step, as generators want seeds with mixed bits.</summary>
    public static long StepSeed(int seed, long step)
    {
        ulong z = unchecked(((ulong)(uint)seed << 32) + (((ulong)step + 1) * 0x9E3779B97F4A7C15));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (long)((z ^ (z >> 31)) >> 1);
    }

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
