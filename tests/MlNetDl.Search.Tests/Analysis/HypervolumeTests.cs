using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Analysis;

public sealed class HypervolumeTests
{
    private static readonly Goal[] Small = [.. Enumerable.Repeat(Goal.Minimize, 6)];

    private static double Of(double[][] points, params double[] reference) => Hypervolume.Of(points, reference, Small[..reference.Length]);

    [Fact]
    public void Closed_forms()
    {
        Assert.Equal(0, Of([], 1, 1));
        Assert.Equal(3, Of([[2], [7]], 5));
        Assert.Equal(6, Of([[1, 2]], 4, 4));
        Assert.Equal(3 + 2 + 1, Of([[1, 3], [2, 2], [3, 1]], 4, 4));
        Assert.Equal((3 * 2) - (3 * 1) + 1, Of([[0, 1, 1], [1, 0, 1], [1, 1, 0]], 2, 2, 2));
        Assert.Equal(24, Of([[0, 0, 0, 0]], 1, 2, 3, 4));
        Assert.Equal(double.PositiveInfinity, Of([[0, double.NegativeInfinity]], 1, 1));
    }

    [Fact]
    public void The_simplex_of_n_steps_in_three_objectives()
    {
        // All points with i + j + k = n: the cells of the cube that lie beyond a point are those with i + j + k ≥ n;
        // all of n³ but the tetrahedron below.
        const int n = 7;
        var points = from i in Enumerable.Range(0, n + 1) from j in Enumerable.Range(0, n + 1 - i) select new double[] { i, j, n - i - j };
        Assert.Equal((n * n * n) - (n * (n + 1) * (n + 2) / 6), Of([.. points], n, n, n));
    }

    [Fact]
    public void Goals_turn_the_axes() =>
        Assert.Equal((3 * 2) + (0.5 * 1), Hypervolume.Of([[1.0, -2], [0.5, -3]], [4, -4], [Goal.Minimize, Goal.Maximize]));

    [Fact]
    public void Equals_the_sum_over_cells()
    {
        var random = new Random(7);
        for (int round = 0; round < 300; round++)
        {
            // Every unit cell of [0, 4)^d counts when a point lies at or below its lower corner.
            int d = 2 + random.Next(4);
            double[][] points = [.. Enumerable.Range(0, random.Next(10))
                .Select(_ => Enumerable.Range(0, d).Select(_ => (double)random.Next(5)).ToArray())];
            int cells = Enumerable.Range(0, (int)Math.Pow(4, d)).Count(cell =>
                Array.Exists(points, p => Enumerable.Range(0, d).All(i => p[i] <= cell / (int)Math.Pow(4, i) % 4)));
            Assert.Equal(cells, Of(points, [.. Enumerable.Repeat(4.0, d)]));
        }
    }

    [Fact]
    public void Agrees_with_Monte_Carlo()
    {
        var random = new Random(5);
        double[][] points = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, 4).Select(_ => random.NextDouble()).ToArray())];
        int hits = Enumerable.Range(0, 100_000).Count(_ =>
        {
            double[] at = [random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble()];
            return Array.Exists(points, p => p[0] <= at[0] && p[1] <= at[1] && p[2] <= at[2] && p[3] <= at[3]);
        });

        // Four deviations of a share of 100,000.
        Assert.Equal(hits / 100_000.0, Of(points, 1, 1, 1, 1), 4 * 0.5 / Math.Sqrt(100_000));
    }

    [Fact]
    public void Refuses_what_does_not_fit()
    {
        Assert.Contains("[1]", Assert.Throws<ArgumentException>(() => Of([[1]], 1, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Of([[double.NaN, 1]], 1, 1));
        Assert.Throws<ArgumentException>(() => Of([], 1, double.NaN));
    }

    [Fact]
    public void The_front_of_a_study()
    {
        var history = History.Of(
            [
                Made.Trial(0, [1.0, 1]),
                Made.Trial(1, [2.0, 3]),
                Made.Trial(2, [3.0, 2]),
                Made.Trial(3, [0.0, 9]) with { Constraints = [1] },
                Made.Trial(4, [2.0, 3]),
                Made.Trial(5, [2.0, double.NaN]),
            ],
            [Goal.Minimize, Goal.Maximize]);
        var front = ParetoFront.Of(history, [4, 0]);
        Assert.Equal([0, 1, 4], front.Points.Where(p => p.IsOnFront).Select(p => p.Number));
        Assert.Equal(3 + (2 * 2), front.Hypervolume);
        Assert.Equal(
            "number,value0,value1,feasible,onFront\n0,1,1,true,true\n1,2,3,true,true\n2,3,2,true,false\n"
                + "3,0,9,false,false\n4,2,3,true,true\n",
            front.ToCsv());
        Assert.Null(ParetoFront.Of(history).Hypervolume);
        Assert.Equal([3.0, 1.0], ParetoFront.WorstValues(history));
        Assert.Throws<ArgumentException>(() => ParetoFront.Of(history, [1]));
    }
}
