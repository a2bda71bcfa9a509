using System.Text.Json;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Samplers.QuasiRandom;

namespace MlNetDl.Search.Tests.Samplers;

public sealed class SobolTests
{
    [Fact]
    public void Coordinates_are_those_of_scipy_in_all_dimensions()
    {
        using var golden = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "sobol-scipy-1.10.1.json")));
        foreach (var point in golden.RootElement.GetProperty("points").EnumerateObject())
        {
            var expected = point.Value.EnumerateArray().Select(c => c.GetInt32() / 4096.0).ToArray();
            uint index = uint.Parse(point.Name);
            Assert.Equal(Sobol.Dimensions, expected.Length);
            Assert.Equal(expected, Enumerable.Range(0, Sobol.Dimensions).Select(d => Sobol.Coordinate(index, d) / (double)(1L << 32)));
        }
    }

    // Bratley and Fox 1988, "Algorithm 659", and the notes on the sequence by Joe and Kuo: the first points
    // of two dimensions.
    [Fact]
    public void First_points_are_the_published_ones() => Assert.Equal(
        [0, 0, 0.5, 0.5, 0.75, 0.25, 0.25, 0.75, 0.375, 0.375, 0.875, 0.875, 0.625, 0.125, 0.125, 0.625],
        Enumerable.Range(0, 8).SelectMany(i => new[] { 0, 1 }.Select(d => Sobol.Coordinate((uint)i, d) / (double)(1L << 32))));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(255)]
    public void Every_interval_of_2_to_the_minus_k_has_one_of_the_next_2_to_the_k_points(int dimension)
    {
        for (int k = 1; k <= 10; k++)
        {
            foreach (uint from in new[] { 0u, 1u << k, 5u << k })
            {
                var cells = Enumerable.Range(0, 1 << k).Select(i => (int)(Scrambled(from + (uint)i, dimension) * (1 << k)));
                Assert.Equal(Enumerable.Range(0, 1 << k), cells.Order());
            }
        }
    }

    [Fact]
    public void Every_elementary_box_of_the_first_two_dimensions_has_one_point()
    {
        const int k = 8;
        for (int a = 0; a <= k; a++)
        {
            var boxes = Enumerable.Range(0, 1 << k).Select(i =>
                ((int)(Scrambled((uint)i, 0) * (1 << a)) << (k - a)) + (int)(Scrambled((uint)i, 1) * (1 << (k - a))));
            Assert.Equal(Enumerable.Range(0, 1 << k), boxes.Order());
        }
    }

    [Fact]
    public void Scrambled_points_are_more_even_than_random_ones()
    {
        const int count = 64, dimensions = 6;
        double sobol = Discrepancy(Enumerable.Range(0, count)
            .Select(i => Enumerable.Range(0, dimensions).Select(d => Scrambled((uint)i, d)).ToArray()).ToArray());
        for (int seed = 1; seed <= 20; seed++)
        {
            var random = new TrialRandom(seed, 0, "points");
            Assert.True(
                sobol
                    < Discrepancy(Enumerable.Range(0, count)
                        .Select(_ => Enumerable.Range(0, dimensions).Select(_ => random.NextDouble()).ToArray())
                        .ToArray()));
        }
    }

    [Fact]
    public void A_scrambled_coordinate_is_uniform_over_keys()
    {
        const int keys = 20_000;
        foreach (uint index in new[] { 0u, 1u, 100u })
        {
            var shares = Enumerable.Range(0, keys).Select(key => Sobol.Scrambled(index, 3, TrialRandom.Mix((ulong)key + 1))).ToArray();
            Assert.Equal(0.5, shares.Average(), 4 * Math.Sqrt(1 / 12.0 / keys));
            Assert.Equal(1 / 3.0, shares.Average(s => s * s), 4 * Math.Sqrt(4 / 45.0 / keys));
        }
    }

    private static double Scrambled(uint index, int dimension) =>
        Sobol.Scrambled(index, dimension, new TrialRandom(5, dimension, "test").NextBits());

    // Hickernell 1998, "A generalized discrepancy and quadrature error bound": the centred L2 discrepancy, squared.
    private static double Discrepancy(double[][] points)
    {
        int n = points.Length;
        double single = points.Sum(p => p.Aggregate(
            1.0, (product, x) => product * (1 + (Math.Abs(x - 0.5) / 2) - ((x - 0.5) * (x - 0.5) / 2))));
        double pairs = points.Sum(p => points.Sum(q => p.Zip(q).Aggregate(1.0, (product, c) =>
            product * (1 + (Math.Abs(c.First - 0.5) / 2) + (Math.Abs(c.Second - 0.5) / 2) - (Math.Abs(c.First - c.Second) / 2)))));
        return Math.Pow(13 / 12.0, points[0].Length) - (2.0 / n * single) + (pairs / n / n);
    }
}
