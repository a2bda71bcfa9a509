namespace MlNetDl.Data;

/// <summary>Random orders and numbers that follow from a seed and a position alone, so that training can be resumed
/// anywhere without the state of a generator.</summary>
/// <remarks>Implementations of <see cref="IBatches"/> use it: <see cref="Permutation"/> of (seed, epoch) for the order,
/// and <see cref="Generator"/> for all other random numbers.</remarks>
public static class SeededOrder
{
    /// <summary>A generator for one epoch. The seeded <see cref="Random"/> of .NET is stable between
    /// versions.</summary>
    /// <param name="seed">The training's seed. Where an epoch needs several generators, add another number for each
    /// purpose.</param>
    /// <param name="epoch">The epoch, counted from 0.</param>
    public static Random Generator(int seed, int epoch) => new(unchecked((seed * 1_000_003) ^ (epoch * 7_368_787) ^ 0x5bd1e995));

    /// <summary>The generator for the augmentation of the batch at <paramref name="index"/> of an epoch.</summary>
    internal static Random BatchGenerator(int seed, int epoch, int index) => Generator(unchecked(seed + (index * 65_537)), epoch);

    /// <summary>The seed of torch's generator for a training step: SplitMix64 (Steele et al. 2014) of seed and step,
    /// because generators need seeds with mixed bits.</summary>
    /// <param name="seed">The training's seed.</param>
    /// <param name="step">The step, counted from 0. The complement of an epoch (~epoch, below 0) stands for that
    /// epoch's evaluation.</param>
    public static long StepSeed(int seed, long step)
    {
        ulong z = unchecked(((ulong)(uint)seed << 32) + (((ulong)step + 1) * 0x9E3779B97F4A7C15));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (long)((z ^ (z >> 31)) >> 1);
    }

    /// <summary>The numbers 0 … <paramref name="count"/> − 1 in an order that follows from seed and epoch.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="epoch">The epoch, counted from 0.</param>
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
