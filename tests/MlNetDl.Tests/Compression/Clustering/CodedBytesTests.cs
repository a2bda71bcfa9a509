using System.Runtime.InteropServices;
using MlNetDl.Files;
using MlNetDl.Models;

namespace MlNetDl.Tests.Compression.Clustering;

public sealed class CodedBytesTests
{
    [Theory]
    [InlineData(1000, 2, 0.0)]
    [InlineData(1000, 32, 0.0)]
    [InlineData(1001, 32, 0.9)]
    [InlineData(20000, 32, 0.99)]
    [InlineData(4000, 256, 0.5)]
    [InlineData(4003, 1, 0.3)]
    public void What_is_read_back_has_the_same_bits(int count, int different, double zeros)
    {
        float[] values = Values(count, different, zeros);
        byte[] bytes = CodedBytes.Write(values)!;
        Assert.Equal(bytes.Length, CodedBytes.LengthOf(values));
        Assert.True(bytes.Length < SparseBytes.LengthOf(values));
        Assert.Equal(MemoryMarshal.AsBytes<float>(values).ToArray(), CodedBytes.Read("w", bytes, count));
    }

    /// <summary>Long runs of zeros, at the ends too, with the code for 255 of them.</summary>
    [Theory]
    [InlineData(0, 254, 255, 256)]
    [InlineData(255, 510, 765, 1021)]
    [InlineData(1, 0, 0, 300)]
    public void Runs_of_zeros_of_any_length_come_back(params int[] runs)
    {
        var values = new List<float>();
        for (int i = 0; i < 200; i++)
        {
            values.AddRange(Enumerable.Repeat(0f, runs[i % runs.Length]));
            values.AddRange(Values(30, 8, 0));
        }

        values.AddRange(Enumerable.Repeat(0f, 700));
        byte[] bytes = CodedBytes.Write(CollectionsMarshal.AsSpan(values))!;
        Assert.Equal(1, bytes[0]);
        Assert.Equal(MemoryMarshal.AsBytes<float>(values.ToArray()).ToArray(), CodedBytes.Read("w", bytes, values.Count));
    }

    [Fact]
    public void Minus_zero_and_not_a_number_are_values_like_others()
    {
        float[] values = [.. Enumerable.Range(0, 400).Select(i => (i % 4) switch { 0 => -0f, 1 => 0f, 2 => float.NaN, _ => float.Epsilon })];
        Assert.Equal(MemoryMarshal.AsBytes<float>(values).ToArray(), CodedBytes.Read("w", CodedBytes.Write(values)!, 400));
    }

    /// <summary>Four values that are as frequent take 2 bits each, behind 3 bytes, the values, and 2 bytes of lengths.</summary>
    [Fact]
    public void Its_length_is_that_of_codebook_and_codes()
    {
        float[] values = [.. Enumerable.Range(0, 1024).Select(i => 1 + (float)(i % 4))];
        Assert.Equal(3 + (4 * 4) + 2 + (1024 * 2 / 8), CodedBytes.Write(values)!.Length);
    }

    /// <summary>Of pruned weights, positions take less than the bit each that the sparse form has.</summary>
    [Fact]
    public void Gaps_take_less_than_a_bit_for_each_zero()
    {
        float[] values = Values(20000, 16, 0.95);
        Assert.Equal(1, CodedBytes.Write(values)![0]);
        Assert.InRange(CodedBytes.LengthOf(values), 1, 20000 / 8);
    }

    [Fact]
    public void Values_that_all_differ_have_no_coded_form()
    {
        float[] values = [.. Enumerable.Range(1, 5000).Select(i => (float)i)];
        Assert.Null(CodedBytes.Write(values));
        Assert.Null(CodedBytes.Write(values.AsSpan(0, 100)));
        Assert.Null(CodedBytes.Write([]));
        Assert.Equal(400, CodedBytes.LengthOf(values.AsSpan(0, 100)));
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1200)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100_000_000_000)]
    public void Bytes_of_another_count_are_refused(long count)
    {
        foreach (double zeros in new[] { 0, 0.9 })
        {
            float[] values = Values(1000, 32, zeros);
            values[^1] = 7;
            var bytes = CodedBytes.Write(values)!;
            // More zeros at the end cannot be told from fewer, and the graph says how many there are.
            if (zeros > 0 && count == 1200)
            {
                Assert.Equal(1200 * 4, CodedBytes.Read("w", bytes, count).Length);
                continue;
            }

            var e = Assert.Throws<ModelFormatException>(() => CodedBytes.Read("fc.weight", bytes, count));
            Assert.Contains("'fc.weight'", e.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Whatever is changed or cut off, the answer is values or a clear error.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.9)]
    public void Damaged_bytes_give_values_or_a_clear_error(double zeros)
    {
        byte[] whole = CodedBytes.Write(Values(1000, 32, zeros))!;
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = [.. whole];
            bytes[random.Next(i % 2 == 0 ? bytes.Length : 40)] ^= (byte)(1 << random.Next(8));
            bytes = i % 5 == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
            try
            {
                Assert.Equal(4000, CodedBytes.Read("w", bytes, 1000).Length);
            }
            catch (ModelFormatException)
            {
            }
        }
    }

    private static float[] Values(int count, int different, double zeros)
    {
        var random = new Random(count + different);
        float[] book = [.. Enumerable.Range(0, different).Select(_ => random.NextSingle() - 0.5f)];
        return [.. Enumerable.Range(0, count).Select(i => random.NextDouble() < zeros ? 0 : book[i < different ? i : random.Next(different)])];
    }
}
