using MlNetDl.Compression;

namespace MlNetDl.Tests.Compression;

public sealed class ValueRangeTests
{
    /// <summary>The range [−1, 2] in 8 bits, as in ONNX's definition of QuantizeLinear.</summary>
    [Fact]
    public void The_grid_of_a_range_has_zero_on_it()
    {
        var grid = new ValueRange(-1, 2).Grid(8);
        Assert.Equal(3 / 255f, grid.Scale, 1e-7f);
        Assert.Equal(85, grid.Zero);
        Assert.Equal([0, 85, 127, 255], new[] { -1f, 0, 0.5f, 2 }.Select(grid.Level));
        Assert.Equal(0.494118f, grid.Round(0.5f), 1e-6f);
        Assert.Equal(0, grid.Round(0));
    }

    [Theory]
    [InlineData(1f, 4f, 0f, 4f)]
    [InlineData(-4f, -1f, -4f, 0f)]
    [InlineData(0f, 0f, 0f, 255f)]
    public void Zero_is_added_to_a_range_without_it(float least, float greatest, float from, float to)
    {
        var grid = new ValueRange(least, greatest).Grid(8);
        Assert.Equal(from, grid.Least, 1e-5f);
        Assert.Equal(to, grid.Greatest, 1e-5f);
        Assert.Equal(0, grid.Round(0));
    }

    [Fact]
    public void No_value_within_the_range_is_off_by_more_than_half_a_level()
    {
        for (int bits = 2; bits <= 8; bits++)
        {
            var grid = new ValueRange(-0.7f, 1.9f).Grid(bits);
            for (float value = grid.Least; value <= grid.Greatest; value += 0.01f)
            {
                Assert.InRange(Math.Abs(grid.Round(value) - value), 0, (grid.Scale / 2) + 1e-6f);
            }
        }
    }

    [Fact]
    public void Weights_are_rounded_around_zero_with_a_scale_an_output()
    {
        float[] weight = [1, -0.5f, 0.01f, 100, -50, 20];
        var scales = WeightGrid.Scales(weight, [2, 3], axis: 0, bits: 8, perChannel: true);
        Assert.Equal([1 / 127f, 100 / 127f], scales);
        Assert.Equal(new sbyte[] { 127, -64, 1, 127, -64, 25 }, WeightGrid.Round(weight, [2, 3], 0, 8, scales));
        Assert.Equal([50 / 127f, 100 / 127f, 20 / 127f], WeightGrid.Scales(weight.Select(w => Math.Abs(w)).ToArray() is { } sizes
            ? [sizes[4], sizes[3], sizes[5], 1, 2, 3] : [], [2, 3], axis: 1, bits: 8, perChannel: true));
        Assert.Equal([100 / 7f], WeightGrid.Scales(weight, [2, 3], 0, bits: 4, perChannel: false));
    }

    /// <summary>The sign, times the mean magnitude: the best scale for it in squared error.</summary>
    [Fact]
    public void One_bit_keeps_the_sign()
    {
        float[] weight = [1, -2, 0, 3];
        var scales = WeightGrid.Scales(weight, [1, 4], 0, bits: 1, perChannel: true);
        Assert.Equal([1.5f], scales);
        Assert.Equal(new sbyte[] { 1, -1, 1, 1 }, WeightGrid.Round(weight, [1, 4], 0, 1, scales));
    }
}
