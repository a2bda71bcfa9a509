using MlNetDl.Compression;

namespace MlNetDl.Tests.Compression;

public sealed class CalibrationTests
{
    public static TheoryData<Calibration> All => [new MinMax(), new MovingAverage(), new Percentile(), new Entropy(), new LeastSquares()];

    [Theory]
    [MemberData(nameof(All))]
    public void No_range_is_wider_than_what_was_seen(Calibration calibration)
    {
        foreach (var values in new[] { Normal(0), Normal(3), Relu() })
        {
            var (least, greatest) = calibration.Range(values, 8);
            Assert.InRange(least, values.Extremes.Least, greatest);
            Assert.InRange(greatest, least, values.Extremes.Greatest);
        }
    }

    [Fact]
    public void The_moving_average_follows_the_batches()
    {
        var values = new ValueHistogram { Batches = [new(-1, 1), new(-2, 3), new(0, 5)] };
        var (least, greatest) = new MovingAverage { Momentum = 0.5 }.Range(values, 8);
        Assert.Equal(-0.75f, least);
        Assert.Equal(3.5f, greatest);
    }

    [Fact]
    public void The_percentile_cuts_the_share_at_both_ends()
    {
        var bins = new long[ValueHistogram.BinCount];
        Array.Fill(bins, 10);
        var values = new ValueHistogram { Batches = [new(-1, 1)], Bins = bins };
        var (least, greatest) = new Percentile { Share = 90 }.Range(values, 8);
        Assert.Equal(-0.9f, least, 2e-3f);
        Assert.Equal(0.9f, greatest, 2e-3f);
        Assert.Equal(new ValueRange(-1, 1), new Percentile { Share = 100 }.Range(values, 8));
    }

    /// <summary>An outlier a hundred times as far away as all else: the smallest range of entropy and least squares leaves it.</summary>
    [Fact]
    public void Outliers_are_cut_off()
    {
        var values = Histogram([.. Enumerable.Range(0, 20_000).Select(i => (float)Math.Abs(Gauss(i))), 400]);
        Assert.Equal(400, new MinMax().Range(values, 8).Greatest);
        Assert.InRange(new Percentile().Range(values, 8).Greatest, 2, 6);
        Assert.InRange(new Entropy().Range(values, 8).Greatest, 2, 100);
        Assert.InRange(new LeastSquares().Range(values, 2).Greatest, 300, 400);   // One value of 400 outweighs all in squares.
    }

    /// <summary>Counted, they fill the first bin and the narrowest range wins; the accuracy of LeNet-5 falls by 2 points.</summary>
    [Fact]
    public void The_zeros_of_a_relu_do_not_narrow_the_range()
    {
        var values = Relu();
        Assert.Equal(10_000, values.Zeros, 200d);
        Assert.InRange(new Entropy().Range(values, 8).Greatest, 2, 5);
    }

    /// <summary>Uniform values have no tail to cut off, however few of them are seen.</summary>
    [Theory]
    [InlineData(2_000)]
    [InlineData(20_000)]
    public void Few_values_do_not_narrow_the_range(int count) => Assert.InRange(
        new Entropy().Range(Histogram([.. Enumerable.Range(0, count).Select(i => (float)((i * 0.6180339887) % 1))]), 8).Greatest, 0.9, 1);

    [Fact]
    public void Least_squares_is_never_worse_than_the_extremes()
    {
        foreach (int bits in new[] { 2, 3, 4, 8 })
        {
            var values = Values(0).ToArray();
            var histogram = Histogram(values);
            Assert.InRange(Error(new LeastSquares().Range(histogram, bits)), 0, 1.001 * Error(new MinMax().Range(histogram, bits)));

            double Error(ValueRange range) => values.Sum(v => Math.Pow(v - range.Grid(bits).Round(v), 2));
        }
    }

    private static ValueHistogram Normal(float mean) => Histogram([.. Values(mean)]);

    private static ValueHistogram Relu() => Histogram([.. Values(0).Select(v => Math.Max(0, v))]);

    private static IEnumerable<float> Values(float mean) => Enumerable.Range(0, 20_000).Select(i => mean + (float)Gauss(i));

    // Box and Muller's transform of two low-discrepancy sequences.
    private static double Gauss(int i) =>
        Math.Sqrt(-2 * Math.Log((((i + 1) * 0.6180339887) % 1) + 1e-9)) * Math.Cos(2 * Math.PI * (((i + 1) * 0.7548776662) % 1));

    private static ValueHistogram Histogram(IReadOnlyList<float> values)
    {
        var (least, greatest) = (values.Min(), values.Max());
        var bins = new long[ValueHistogram.BinCount];
        foreach (var value in values.Where(v => v != 0))
        {
            bins[Math.Min(ValueHistogram.BinCount - 1, (int)((value - least) / (greatest - least) * ValueHistogram.BinCount))]++;
        }

        return new() { Batches = [new(least, greatest)], Bins = bins, Zeros = values.Count(v => v == 0) };
    }
}
