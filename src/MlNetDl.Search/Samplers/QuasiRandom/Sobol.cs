using System.Globalization;

namespace MlNetDl.Search.Samplers.QuasiRandom;

/// <summary>Points of the Sobol sequence by index, plain or scrambled.</summary>
/// <remarks>Sobol 1967 with the direction numbers of Joe and Kuo 2008 (<c>joe-kuo-2008.txt</c>, which has their
/// licence), in the Gray-code order of Antonov and Saleev 1979, as scipy has it.</remarks>
internal static class Sobol
{
    /// <summary>How many dimensions there are.</summary>
    public const int Dimensions = 256;

    private const int Bits = 32;
    private const int DoubleBits = 53;
    private static readonly Lazy<uint[][]> AllDirections = new(Read);

    /// <summary>A coordinate of a point, as a fraction of 2³².</summary>
    /// <param name="index">The point's index, from 0.</param>
    /// <param name="dimension">The dimension, from 0 to <see cref="Dimensions"/> − 1.</param>
    public static uint Coordinate(uint index, int dimension)
    {
        var directions = AllDirections.Value[dimension];
        uint coordinate = 0;
        for (uint gray = index ^ (index >> 1); gray != 0; gray &= gray - 1)
        {
            coordinate ^= directions[System.Numerics.BitOperations.TrailingZeroCount(gray)];
        }

        return coordinate;
    }

    /// <summary>A coordinate of a point, 0 to below 1, after nested uniform scrambling (Owen 1995, "Randomly permuted
    /// (t,m,s)-nets and (t,s)-sequences").</summary>
    /// <param name="index">The point's index, from 0.</param>
    /// <param name="dimension">The dimension, from 0 to <see cref="Dimensions"/> − 1.</param>
    /// <param name="key">Random bits of this dimension.</param>
    /// <remarks>Every binary digit is flipped by a coin that depends on the digits before it: a hash of the key and
    /// those digits. The digits behind the 32 of the sequence are zeros before scrambling, so they are coins.</remarks>
    public static double Scrambled(uint index, int dimension, ulong key)
    {
        ulong plain = (ulong)Coordinate(index, dimension) << (DoubleBits - Bits), scrambled = 0;
        for (int depth = 0; depth < Bits; depth++)
        {
            // A leading 1 tells prefixes of different lengths apart.
            int shift = DoubleBits - depth;
            ulong prefix = (1UL << depth) | (plain >> shift);
            scrambled |= ((plain >> (shift - 1)) ^ TrialRandom.Mix(key ^ TrialRandom.Mix(prefix))) % 2 << (shift - 1);
        }

        ulong coins = TrialRandom.Mix(key ^ TrialRandom.Mix((1UL << Bits) | (plain >> (DoubleBits - Bits))));
        return (scrambled | (coins >> (64 - DoubleBits + Bits))) * (1.0 / (1UL << DoubleBits));
    }

    private static uint[][] Read()
    {
        using var reader = new StreamReader(typeof(Sobol).Assembly.GetManifestResourceStream("joe-kuo-2008.txt")!);
        var directions = new List<uint[]> { Directions(0, 0, []) };
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var numbers = Array.ConvertAll(line.Split(' '), n => uint.Parse(n, CultureInfo.InvariantCulture));
                directions.Add(Directions((int)numbers[1], numbers[2], numbers.AsSpan(3)));
            }
        }

        return [.. directions];
    }

    // Joe and Kuo 2003, "Remark on Algorithm 659", equation 2; the numbers m_k lie in the top k bits. The first
    // dimension is van der Corput's: all m_k are 1.
    private static uint[] Directions(int degree, uint coefficients, ReadOnlySpan<uint> initial)
    {
        var v = new uint[Bits];
        for (int k = 0; k < Bits; k++)
        {
            if (degree == 0 || k < degree)
            {
                v[k] = (degree == 0 ? 1 : initial[k]) << (Bits - 1 - k);
                continue;
            }

            v[k] = v[k - degree] ^ (v[k - degree] >> degree);
            for (int j = 1; j < degree; j++)
            {
                v[k] ^= ((coefficients >> (degree - 1 - j)) & 1) * v[k - j];
            }
        }

        return v;
    }
}
