namespace MlNetDl.Search.Samplers;

/// <summary>Random numbers that follow from a seed, a trial's number and a purpose: SplitMix64 (Steele, Lea and Flood
/// 2014, "Fast splittable pseudorandom number generators") from a hash of the three.</summary>
/// <remarks>A generator of 64 bits of state, because <see cref="System.Random"/> and others take seeds of 32 bits, of
/// which 100,000 trials would share some.</remarks>
public sealed class TrialRandom
{
    private ulong state;
    private double spare = double.NaN;

    /// <summary>The generator of a seed, a trial's number and a purpose.</summary>
    public TrialRandom(int seed, int number, string purpose)
    {
        state = Mix(((ulong)(uint)seed << 32) | (uint)number);
        foreach (char letter in purpose)
        {
            state = Mix(state ^ letter);
        }
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform from 0 to below 1, in steps of 2⁻⁵³.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 to below <paramref name="count"/>, each equally likely.</summary>
    /// <param name="count">1 or more.</param>
    public int Next(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ulong range = (ulong)count, limit = ulong.MaxValue - (ulong.MaxValue % range);
        ulong bits;
        do
        {
            bits = NextBits();
        }
        while (bits >= limit);

        return (int)(bits % range);
    }

    /// <summary>Normal with mean 0 and deviation 1 (Marsaglia's polar method).</summary>
    public double NextGaussian()
    {
        if (!double.IsNaN(spare))
        {
            double kept = spare;
            spare = double.NaN;
            return kept;
        }

        double x, y, square;
        do
        {
            x = (2 * NextDouble()) - 1;
            y = (2 * NextDouble()) - 1;
            square = (x * x) + (y * y);
        }
        while (square is >= 1 or 0);

        double factor = Math.Sqrt(-2 * Math.Log(square) / square);
        spare = y * factor;
        return x * factor;
    }

    /// <summary>Spreads 64 bits over all 64: the finaliser of SplitMix64, a bijection.</summary>
    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
