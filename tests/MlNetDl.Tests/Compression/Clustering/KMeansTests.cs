using MlNetDl.Compression;

namespace MlNetDl.Tests.Compression.Clustering;

public sealed class KMeansTests
{
    public static TheoryData<CodebookStart> Starts => [.. Enum.GetValues<CodebookStart>()];

    [Theory]
    [MemberData(nameof(Starts))]
    public void Each_mean_is_the_mean_of_the_values_nearest_to_it(CodebookStart start)
    {
        float[] values = Normal(3000);
        double[] means = KMeans.Of(values, 16, start, new Random(1));
        Assert.InRange(means.Length, 12, 16);
        Assert.Equal(means.Order(), means);
        foreach (var cluster in values.GroupBy(v => means.MinBy(m => Math.Abs(m - v))))
        {
            Assert.Equal(cluster.Average(v => (double)v), cluster.Key, 1e-9);
        }

        Assert.All(values, v => Assert.Equal(means.Min(m => Math.Abs(m - v)), Math.Abs(KMeans.Nearest(means, v) - v), 1e-12));
    }

    [Fact]
    public void Groups_that_lie_apart_are_found()
    {
        float[] values = [.. Enumerable.Range(0, 90).Select(i => (10 * (i % 3)) + (i % 5 * 0.1f))];
        Assert.Equal([0.2, 10.2, 20.2], KMeans.Of(values, 3, CodebookStart.Linear, new Random(1)).Select(m => Math.Round(m, 5)));
    }

    /// <summary>As many means as values leaves nothing to share.</summary>
    [Theory]
    [MemberData(nameof(Starts))]
    public void One_mean_is_the_mean_and_means_of_one_value_are_it(CodebookStart start)
    {
        Assert.Equal(2, KMeans.Of([1, 2, 3], 1, start, new Random(1)).Single(), 12);
        Assert.Equal(5, KMeans.Of([5, 5, 5], 4, start, new Random(1)).Single(), 12);
    }

    /// <summary>Of a normal distribution: large weights have a mean near them, as the paper's figure 6 shows.</summary>
    [Fact]
    public void A_linear_start_serves_the_largest_weights_best()
    {
        float[] values = Normal(3000);
        double Worst(CodebookStart start)
        {
            double[] means = KMeans.Of(values, 8, start, new Random(1));
            return values.Max(v => Math.Abs(KMeans.Nearest(means, v) - v));
        }

        Assert.True(Worst(CodebookStart.Linear) < Worst(CodebookStart.Quantiles));
    }

    private static float[] Normal(int count)
    {
        var random = new Random(7);
        // Box and Muller 1958.
        double One() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(random.NextDouble() * 2 * Math.PI);
        return [.. Enumerable.Range(0, count).Select(_ => (float)One())];
    }
}
