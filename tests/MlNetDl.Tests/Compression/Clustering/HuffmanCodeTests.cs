using MlNetDl.Models;

namespace MlNetDl.Tests.Compression.Clustering;

public sealed class HuffmanCodeTests
{
    /// <summary>Shannon 1948: no code without common prefixes has a mean length below the entropy, and Huffman's is less than a
    /// bit above it. Kraft's sum of a code that uses all its words is 1.</summary>
    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(5, 0.3)]
    [InlineData(32, 1.5)]
    [InlineData(256, 2.0)]
    public void Its_mean_length_is_within_a_bit_of_the_entropy_and_its_words_fill_the_tree(int symbols, double skew)
    {
        var random = new Random(symbols);
        long[] counts = [.. Enumerable.Range(0, symbols).Select(i => 1 + (long)(1000 * random.NextDouble() / Math.Pow(i + 1, skew)))];
        var code = HuffmanCode.For(counts);
        double all = counts.Sum(), entropy = counts.Sum(c => -c / all * Math.Log2(c / all));
        Assert.InRange(code.BitsOf(counts) / all, entropy - 1e-12, entropy + 1);
        Assert.Equal(1.0, code.Lengths.Sum(l => Math.Pow(2, -l)), 12);
    }

    /// <summary>Frequencies that are powers of two have exactly the entropy: 1/2, 1/4, 1/8 and 1/8 take 1, 2, 3 and 3 bits.</summary>
    [Fact]
    public void Halves_and_quarters_take_one_and_two_bits() => Assert.Equal([1, 2, 3, 3], HuffmanCode.For([8, 4, 2, 2]).Lengths);

    [Fact]
    public void One_symbol_takes_one_bit_and_one_that_does_not_occur_none() => Assert.Equal([0, 1, 0], HuffmanCode.For([0, 7, 0]).Lengths);

    /// <summary>Fibonacci's numbers give the deepest tree there is; lengths stay within half a byte all the same.</summary>
    [Fact]
    public void No_word_is_longer_than_15_bits()
    {
        var counts = new List<long> { 1, 1 };
        while (counts.Count < 40)
        {
            counts.Add(counts[^1] + counts[^2]);
        }

        var code = HuffmanCode.For([.. counts]);
        Assert.InRange(code.Lengths.Max(), 6, HuffmanCode.MostBits);
        Assert.Equal(1.0, code.Lengths.Sum(l => Math.Pow(2, -l)), 12);
        Assert.Equal(Enumerable.Range(0, 40), RoundTrip(code, [.. Enumerable.Range(0, 40)]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(300)]
    public void What_is_written_is_read(int symbols)
    {
        var random = new Random(symbols);
        int[] message = [.. Enumerable.Range(0, 1000).Select(_ => (int)(symbols * Math.Pow(random.NextDouble(), 3)))];
        var counts = new long[symbols];
        foreach (int symbol in message)
        {
            counts[symbol]++;
        }

        Assert.Equal(message, RoundTrip(new(HuffmanCode.For(counts).Lengths), message));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 2, 0)]
    public void Lengths_of_no_complete_code_are_refused(byte a, byte b, byte c) => Assert.Throws<ArgumentException>(() => new HuffmanCode([a, b, c]));

    private static List<int> RoundTrip(HuffmanCode code, int[] message)
    {
        var bytes = new List<byte>();
        var writer = new BitWriter(bytes);
        foreach (int symbol in message)
        {
            code.Write(writer, symbol);
        }

        var reader = new BitReader(bytes.ToArray());
        var read = new List<int>();
        for (int i = 0; i < message.Length; i++)
        {
            read.Add(code.Read(ref reader));
        }

        Assert.True(reader.IsAtEnd);
        Assert.Equal(message.Sum(s => code.Lengths[s]), (bytes.Count * 8) - ((8 - (message.Sum(s => code.Lengths[s]) % 8)) % 8));
        return read;
    }
}
