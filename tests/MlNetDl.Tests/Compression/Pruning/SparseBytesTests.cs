using System.Runtime.InteropServices;
using MlNetDl.Files;
using MlNetDl.Models;

namespace MlNetDl.Tests.Compression.Pruning;

public sealed class SparseBytesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1000)]
    public void What_is_read_back_has_the_same_bits(int count)
    {
        var random = new Random(count);
        float[] values = [.. Enumerable.Range(0, count).Select(i => random.Next(4) == 0 ? random.NextSingle() - 0.5f : 0)];
        values[0] = 0;
        if (count > 5)
        {
            (values[1], values[2], values[3]) = (-0f, float.NaN, float.Epsilon);
        }

        var bytes = SparseBytes.Write(values);
        if (count == 1)
        {
            Assert.Equal([0], bytes);
        }

        Assert.Equal(bytes!.Length, SparseBytes.LengthOf(values));
        Assert.True(bytes.Length < 4 * count);
        Assert.Equal(MemoryMarshal.AsBytes<float>(values).ToArray(), SparseBytes.Read("w", bytes, count));
    }

    [Fact]
    public void Dense_values_have_no_sparse_form()
    {
        Assert.Null(SparseBytes.Write([1, 2, 3, 4]));
        Assert.Equal(16, SparseBytes.LengthOf([1, 2, 3, 4]));
    }

    // One bit a value: below a share of zeros of 1/32 it does not pay.
    [Theory]
    [InlineData(30, false)]
    [InlineData(34, true)]
    public void It_pays_from_one_zero_in_32_on(int zeros, bool pays)
    {
        float[] values = [.. Enumerable.Range(0, 1024).Select(i => i < zeros ? 0f : 1)];
        Assert.Equal(pays, SparseBytes.Write(values) is not null);
    }

    [Theory]
    [InlineData(100_000_000_000)]
    [InlineData(-1)]
    [InlineData(17)]
    [InlineData(15)]
    [InlineData(8)]
    public void Bytes_of_another_count_are_refused(long count)
    {
        float[] values = new float[16];
        values[15] = 1;
        var bytes = SparseBytes.Write(values)!;
        var e = Assert.Throws<ModelFormatException>(() => SparseBytes.Read("fc.weight", bytes, count));
        Assert.Contains("'fc.weight'", e.Message, StringComparison.Ordinal);
    }
}
