using System.Numerics;
using System.Runtime.InteropServices;
using MlNetDl.Files;

namespace MlNetDl.Models;

/// <summary>Float32 values of which many are 0: a bit for each value (1 where it is not 0, the lowest bit first), then the
/// values that are not.</summary>
internal static class SparseBytes
{
    /// <summary>The bytes that values take in the shorter form: sparse, or one after the other.</summary>
    public static long LengthOf(ReadOnlySpan<float> values) => Math.Min(sizeof(float) * (long)values.Length, Sparse(values));

    /// <summary>The sparse form; <see langword="null"/> where it is no shorter.</summary>
    public static byte[]? Write(ReadOnlySpan<float> values)
    {
        long length = Sparse(values);
        if (length >= sizeof(float) * (long)values.Length)
        {
            return null;
        }

        var bytes = new byte[length];
        int next = MapLength(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            if (IsNotZero(values[i]))
            {
                bytes[i >> 3] |= (byte)(1 << (i & 7));
                MemoryMarshal.Write(bytes.AsSpan(next), values[i]);
                next += sizeof(float);
            }
        }

        return bytes;
    }

    /// <summary>The values.</summary>
    /// <param name="name">The name of the weight, for messages.</param>
    /// <param name="bytes">The sparse form.</param>
    /// <param name="count">How many values there are.</param>
    /// <exception cref="ModelFormatException">The bytes are no such form of so many values.</exception>
    public static byte[] Read(string name, ReadOnlySpan<byte> bytes, long count)
    {
        // Memory for the values is taken only where the bits for all of them are there: at most 32 times the bytes.
        int map = count is >= 0 and <= int.MaxValue / sizeof(float) ? MapLength((int)count) : int.MaxValue;
        if (map > bytes.Length || Ones(bytes[..map]) * sizeof(float) != bytes.Length - map)
        {
            throw new ModelFormatException($"The sparse weight '{name}' claims {count} values but holds {bytes.Length} bytes, "
                + "which are not the bits and values of so many.");
        }

        if ((count & 7) != 0 && bytes[map - 1] >> (int)(count & 7) != 0)
        {
            throw new ModelFormatException($"The sparse weight '{name}' has values behind its end.");
        }

        var values = new byte[count * sizeof(float)];
        int next = map;
        for (int i = 0; i < count; i++)
        {
            if ((bytes[i >> 3] >> (i & 7) & 1) != 0)
            {
                bytes.Slice(next, sizeof(float)).CopyTo(values.AsSpan(i * sizeof(float)));
                next += sizeof(float);
            }
        }

        return values;
    }

    private static long Sparse(ReadOnlySpan<float> values)
    {
        long kept = 0;
        foreach (float value in values)
        {
            kept += IsNotZero(value) ? 1 : 0;
        }

        return MapLength(values.Length) + (sizeof(float) * kept);
    }

    // Minus zero is kept: a model that is read again has the same bits.
    private static bool IsNotZero(float value) => BitConverter.SingleToInt32Bits(value) != 0;

    private static int MapLength(int count) => (int)(((long)count + 7) / 8);

    private static long Ones(ReadOnlySpan<byte> map)
    {
        long ones = 0;
        foreach (byte bits in map)
        {
            ones += BitOperations.PopCount(bits);
        }

        return ones;
    }
}
