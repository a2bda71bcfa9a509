using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MlNetDl.Files;

namespace MlNetDl.Models;

/// <summary>Float32 values of which few are different: a codebook, and for each value its code in Huffman's form (Han et al. 2015,
/// arXiv:1510.00149, sections 3 and 4).</summary>
/// <remarks>
/// The form is the shorter of two. <i>All</i>: a code for each value, zeros among them. <i>Gaps</i>: only values that are not 0
/// have a code, and before it the number of zeros since the one before, in a Huffman code too; 255 zeros without a value
/// behind them are a code of their own. Zeros behind the last value are not written.
/// <para>Bytes: the form (0 or 1); the number K of different values (2 bytes); these values; the bits of each code, two to a byte;
/// in the second form the greatest gap (a byte), the bits of each gap, two to a byte, and the number of values (4 bytes); then
/// the codes. Numbers are little-endian.</para>
/// </remarks>
internal static class CodedBytes
{
    /// <summary>The most different values of which a codebook pays.</summary>
    public const int MostDifferent = 4096;

    private const int LongGap = 255, HeadLength = 3, LengthsPerByte = 2;

    // Memory for values is taken by what the graph claims: 256 times the bytes at most.
    private const long MostValuesAByte = 64;

    /// <summary>The bytes that values take in the shortest form: coded, sparse, or one after the other.</summary>
    public static long LengthOf(ReadOnlySpan<float> values) => Write(values)?.LongLength ?? SparseBytes.LengthOf(values);

    /// <summary>The coded form; <see langword="null"/> where another form is as short.</summary>
    public static byte[]? Write(ReadOnlySpan<float> values)
    {
        var bits = MemoryMarshal.Cast<float, int>(values);
        var different = new SortedSet<int>();
        foreach (int value in bits)
        {
            if (different.Add(value) && different.Count > MostDifferent)
            {
                return null;
            }
        }

        if (different.Count == 0)
        {
            return null;
        }

        var shorter = All(bits, [.. different]);
        if (different.Contains(0) && different.Count > 1
            && Gaps(bits, [.. different.Where(v => v != 0)]) is { } gaps
            && gaps.Length < shorter.Length
            && values.Length <= MostValuesAByte * gaps.Length)
        {
            shorter = gaps;
        }

        return shorter.Length < SparseBytes.LengthOf(values) ? shorter : null;
    }

    /// <summary>The values.</summary>
    /// <param name="name">The name of the weight, for messages.</param>
    /// <param name="bytes">The coded form.</param>
    /// <param name="count">How many values there are.</param>
    /// <exception cref="ModelFormatException">The bytes are no such form of so many values.</exception>
    public static byte[] Read(string name, ReadOnlySpan<byte> bytes, long count)
    {
        if (count is < 1 or > int.MaxValue / sizeof(float) || count > MostValuesAByte * bytes.Length)
        {
            throw Wrong(name, bytes, $"claims {count} values");
        }

        var rest = bytes;
        var head = Take(ref rest, HeadLength, name, bytes);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(head[1..]);
        if (head[0] > 1 || size is 0 or > MostDifferent)
        {
            throw Wrong(name, bytes, $"claims the form {head[0]} and {size} different values");
        }

        var book = MemoryMarshal.Cast<byte, int>(Take(ref rest, size * sizeof(int), name, bytes)).ToArray();
        var codes = Code(ref rest, size, name, bytes);
        var values = new int[count];
        if (head[0] == 0)
        {
            var reader = new BitReader(rest);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = book[Symbol(codes, ref reader, name, bytes)];
            }

            RequireEnd(reader, name, bytes);
        }
        else
        {
            int symbols = Take(ref rest, 1, name, bytes)[0] + 1;
            var gaps = Code(ref rest, symbols, name, bytes);
            long left = BinaryPrimitives.ReadUInt32LittleEndian(Take(ref rest, sizeof(uint), name, bytes));
            var reader = new BitReader(rest);
            for (long at = 0; left > 0; at++)
            {
                int gap = Symbol(gaps, ref reader, name, bytes);
                at += gap;
                if (gap == LongGap)
                {
                    at--;
                    continue;
                }

                if (at >= count)
                {
                    throw Wrong(name, bytes, "has values behind its end");
                }

                values[at] = book[Symbol(codes, ref reader, name, bytes)];
                left--;
            }

            RequireEnd(reader, name, bytes);
        }

        return MemoryMarshal.AsBytes<int>(values).ToArray();
    }

    private static byte[] All(ReadOnlySpan<int> bits, int[] book)
    {
        var symbols = Symbols(bits, book);
        var counts = Counts(symbols, book.Length);
        var code = HuffmanCode.For(counts);
        var bytes = Head(0, book, code);
        var writer = new BitWriter(bytes);
        foreach (int symbol in symbols)
        {
            code.Write(writer, symbol);
        }

        return [.. bytes];
    }

    private static byte[] Gaps(ReadOnlySpan<int> bits, int[] book)
    {
        var (gaps, values) = (new List<int>(), new List<int>());
        int zeros = 0;
        foreach (int value in bits)
        {
            if (value == 0)
            {
                zeros++;
                continue;
            }

            for (; zeros >= LongGap; zeros -= LongGap)
            {
                gaps.Add(LongGap);
            }

            gaps.Add(zeros);
            values.Add(value);
            zeros = 0;
        }

        var symbols = Symbols(CollectionsMarshal.AsSpan(values), book);
        var code = HuffmanCode.For(Counts(symbols, book.Length));
        var gapCode = HuffmanCode.For(Counts([.. gaps], gaps.Max() + 1));
        var bytes = Head(1, book, code);
        bytes.Add((byte)(gapCode.Lengths.Length - 1));
        AddLengths(bytes, gapCode.Lengths);
        bytes.AddRange(BitConverter.GetBytes((uint)values.Count));
        var writer = new BitWriter(bytes);
        int next = 0;
        foreach (int gap in gaps)
        {
            gapCode.Write(writer, gap);
            if (gap != LongGap)
            {
                code.Write(writer, symbols[next++]);
            }
        }

        return [.. bytes];
    }

    private static List<byte> Head(byte form, int[] book, HuffmanCode code)
    {
        var bytes = new List<byte> { form };
        bytes.AddRange(BitConverter.GetBytes((ushort)book.Length));
        bytes.AddRange(MemoryMarshal.AsBytes<int>(book));
        AddLengths(bytes, code.Lengths);
        return bytes;
    }

    private static void AddLengths(List<byte> bytes, byte[] lengths) =>
        bytes.AddRange(lengths.Chunk(LengthsPerByte).Select(pair => (byte)(pair[0] | (pair.Length > 1 ? pair[1] << 4 : 0))));

    private static int[] Symbols(ReadOnlySpan<int> bits, int[] book)
    {
        var index = book.Index().ToDictionary(b => b.Item, b => b.Index);
        var symbols = new int[bits.Length];
        for (int i = 0; i < symbols.Length; i++)
        {
            symbols[i] = index[bits[i]];
        }

        return symbols;
    }

    private static long[] Counts(int[] symbols, int size)
    {
        var counts = new long[size];
        foreach (int symbol in symbols)
        {
            counts[symbol]++;
        }

        return counts;
    }

    private static HuffmanCode Code(ref ReadOnlySpan<byte> rest, int size, string name, ReadOnlySpan<byte> all)
    {
        var packed = Take(ref rest, (size + 1) / LengthsPerByte, name, all);
        var lengths = new byte[size];
        for (int i = 0; i < size; i++)
        {
            lengths[i] = (byte)(packed[i / LengthsPerByte] >> (i % LengthsPerByte * 4) & 15);
        }

        try
        {
            return new(lengths);
        }
        catch (ArgumentException)
        {
            throw Wrong(name, all, "has lengths of no complete code");
        }
    }

    private static int Symbol(HuffmanCode code, ref BitReader reader, string name, ReadOnlySpan<byte> all)
    {
        int symbol = code.Read(ref reader);
        return symbol >= 0 ? symbol : throw Wrong(name, all, "ends too early");
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length, string name, ReadOnlySpan<byte> all)
    {
        if (rest.Length < length)
        {
            throw Wrong(name, all, "ends too early");
        }

        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static void RequireEnd(BitReader reader, string name, ReadOnlySpan<byte> all)
    {
        if (!reader.IsAtEnd)
        {
            throw Wrong(name, all, "has codes behind its end");
        }
    }

    private static ModelFormatException Wrong(string name, ReadOnlySpan<byte> bytes, string what) =>
        new($"The coded weight '{name}' {what}, but holds {bytes.Length} bytes that are no codes of so many values.");
}
