namespace MlNetDl.Models;

/// <summary>A code without common prefixes that gives frequent symbols fewer bits (Huffman 1952), in the canonical form: the
/// lengths alone tell it.</summary>
/// <remarks>With one symbol only, that symbol takes one bit.</remarks>
internal sealed class HuffmanCode
{
    /// <summary>The most bits of a symbol, so that a length fits into half a byte.</summary>
    public const int MostBits = 15;

    private readonly int[] codes;
    private readonly int[] symbols;
    private readonly int[] ofLength = new int[MostBits + 1];

    /// <summary>The code of such lengths.</summary>
    /// <param name="lengths">The bits of each symbol, 0 for one that does not occur, at most <see cref="MostBits"/>.</param>
    /// <exception cref="ArgumentException">No code that uses all its words has such lengths.</exception>
    public HuffmanCode(byte[] lengths)
    {
        Lengths = lengths;
        symbols = [.. Enumerable.Range(0, lengths.Length).Where(s => lengths[s] > 0).OrderBy(s => lengths[s]).ThenBy(s => s)];
        // Kraft's sum is 1 where every sequence of bits can be read.
        long kraft = symbols.Sum(s => 1L << (MostBits - lengths[s]));
        if (kraft != 1L << MostBits && !(symbols.Length == 1 && lengths[symbols[0]] == 1))
        {
            throw new ArgumentException("The lengths are those of no complete code.", nameof(lengths));
        }

        codes = new int[lengths.Length];
        int code = 0, length = 0;
        foreach (int symbol in symbols)
        {
            code <<= lengths[symbol] - length;
            length = lengths[symbol];
            ofLength[length]++;
            codes[symbol] = code++;
        }
    }

    /// <summary>The bits of each symbol.</summary>
    public byte[] Lengths { get; }

    /// <summary>The best code for symbols that occur so often.</summary>
    /// <param name="counts">How often each symbol occurs; one does at least.</param>
    public static HuffmanCode For(ReadOnlySpan<long> counts)
    {
        long[] frequencies = counts.ToArray();
        byte[] lengths = LengthsFor(frequencies);
        while (lengths.Max() > MostBits)
        {
            // Only where the rarest symbol has less than a thousandth: flatter counts give shorter words.
            frequencies = [.. frequencies.Select(c => c == 0 ? 0 : (c + 1) / 2)];
            lengths = LengthsFor(frequencies);
        }

        return new(lengths);
    }

    /// <summary>How many bits so many symbols take.</summary>
    public long BitsOf(ReadOnlySpan<long> counts)
    {
        long bits = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            bits += counts[i] * Lengths[i];
        }

        return bits;
    }

    /// <summary>Writes a symbol.</summary>
    public void Write(BitWriter bits, int symbol) => bits.Write(codes[symbol], Lengths[symbol]);

    /// <summary>Reads a symbol; −1 where the bits are no symbol, or end.</summary>
    public int Read(ref BitReader bits)
    {
        int code = 0, first = 0, index = 0;
        for (int length = 1; length <= MostBits; length++)
        {
            int bit = bits.Read();
            if (bit < 0)
            {
                return -1;
            }

            code |= bit;
            int count = ofLength[length];
            if (code - first < count)
            {
                return symbols[index + code - first];
            }

            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        return -1;
    }

    private static byte[] LengthsFor(long[] counts)
    {
        var parents = new List<int>(new int[counts.Length]);
        var queue = new PriorityQueue<(int Node, long Count), (long Count, int Node)>();
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                queue.Enqueue((i, counts[i]), (counts[i], i));
            }
        }

        bool isLone = queue.Count == 1;
        while (queue.Count > 1)
        {
            var (a, b) = (queue.Dequeue(), queue.Dequeue());
            int node = parents.Count;
            parents.Add(0);
            (parents[a.Node], parents[b.Node]) = (node, node);
            queue.Enqueue((node, a.Count + b.Count), (a.Count + b.Count, node));
        }

        // Parents come behind their children, the root last.
        var depths = new int[parents.Count];
        for (int node = parents.Count - 2; node >= 0; node--)
        {
            depths[node] = parents[node] == 0 ? 0 : depths[parents[node]] + 1;
        }

        return [.. counts.Select((c, i) => c == 0 ? (byte)0 : isLone ? (byte)1 : (byte)depths[i])];
    }
}

/// <summary>Bits one after the other, the highest bit of each byte first.</summary>
/// <param name="bytes">The bytes to which they are added.</param>
internal sealed class BitWriter(List<byte> bytes)
{
    private int free;

    /// <summary>Adds the lowest bits of a value, the highest of them first.</summary>
    public void Write(int value, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            if (free == 0)
            {
                bytes.Add(0);
                free = 8;
            }

            bytes[^1] |= (byte)((value >> i & 1) << --free);
        }
    }
}

/// <summary>Reads what <see cref="BitWriter"/> wrote.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private long next;

    /// <summary>Whether only bits that fill the last byte are left, and those are 0.</summary>
    public readonly bool IsAtEnd => (next + 7) / 8 == bytes.Length
        && ((next & 7) == 0 || (byte)(bytes[^1] << (int)(next & 7)) == 0);

    /// <summary>The next bit; −1 behind the last.</summary>
    public int Read()
    {
        int at = (int)(next >> 3);
        return at >= bytes.Length ? -1 : bytes[at] >> (7 - (int)(next++ & 7)) & 1;
    }
}
