using System.Globalization;
using MlNetDl.Files;

namespace MlNetDl.Models;

/// <summary>Small integers in 1, 2 or 4 bits each, the lowest bits of a byte first, behind a byte that says how many. One bit is −1
/// or 1.</summary>
internal static class LevelBytes
{
    private static readonly int[] Widths = [1, 2, 4];

    /// <summary>The packed form; <see langword="null"/> where a value needs more bits, or all are 0.</summary>
    public static byte[]? Write(ReadOnlySpan<sbyte> values)
    {
        bool hasZero = values.Contains((sbyte)0);
        sbyte least = 0, most = 0;
        foreach (sbyte value in values)
        {
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        int bits = !hasZero && least >= -1 && most <= 1 ? 1 : least >= -2 && most <= 1 ? 2 : least >= -8 && most <= 7 ? 4 : 8;
        // Zeros alone are zero points, and no weight.
        if (bits == 8 || (least == 0 && most == 0))
        {
            return null;
        }

        var bytes = new byte[1 + Length(values.Length, bits)];
        bytes[0] = (byte)bits;
        for (int i = 0; i < values.Length; i++)
        {
            int code = bits == 1 ? (values[i] > 0 ? 1 : 0) : values[i] + (1 << (bits - 1));
            long place = (long)i * bits;
            bytes[(int)(1 + (place / 8))] |= (byte)(code << (int)(place % 8));
        }

        return bytes;
    }

    /// <summary>The values, a byte each.</summary>
    /// <param name="name">The name of the weight, for messages.</param>
    /// <param name="bytes">The packed form.</param>
    /// <param name="count">How many values there are.</param>
    /// <exception cref="ModelFormatException">The bytes are no such form of so many values.</exception>
    public static byte[] Read(string name, ReadOnlySpan<byte> bytes, long count)
    {
        // At most eight values a byte are claimed, so memory stays within what the file holds.
        if (bytes.IsEmpty || !Widths.Contains(bytes[0]) || count is < 0 or > int.MaxValue || bytes.Length - 1 != Length((int)count, bytes[0]))
        {
            throw new ModelFormatException(string.Create(CultureInfo.InvariantCulture,
                $"The packed weight '{name}' claims {count} values but holds {bytes.Length} bytes, which are not the bits of so many."));
        }

        int bits = bytes[0], mask = (1 << bits) - 1;
        var values = new byte[count];
        for (int i = 0; i < values.Length; i++)
        {
            long place = (long)i * bits;
            int code = (bytes[(int)(1 + (place / 8))] >> (int)(place % 8)) & mask;
            values[i] = (byte)(sbyte)(bits == 1 ? (code == 1 ? 1 : -1) : code - (1 << (bits - 1)));
        }

        return values;
    }

    private static int Length(int count, int bits) => (int)((((long)count * bits) + 7) / 8);
}
