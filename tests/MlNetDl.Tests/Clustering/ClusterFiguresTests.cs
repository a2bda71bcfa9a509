using MlNetDl.Clustering;

namespace MlNetDl.Tests.Clustering;

public sealed class ClusterFiguresTests
{
    // 0 and 2 in one cluster, 5 and 6 in the other: a and b by hand.
    [Fact]
    public void A_silhouette_is_what_the_hand_computes()
    {
        float[][] rows = [[0], [2], [5], [6]];
        double[] expected = [(5.5 - 2) / 5.5, (3.5 - 2) / 3.5, (4 - 1) / 4.0, (5 - 1) / 5.0];
        Assert.All(Silhouette.OfRows(rows, [7, 7, 3, 3]).Zip(expected), p => Assert.Equal(p.Second, p.First, 1e-12));
        Assert.Equal(expected.Average(), Silhouette.Of(rows, [0, 0, 1, 1]), 1e-12);
    }

    [Fact]
    public void A_row_alone_or_equal_to_all_has_the_silhouette_0_and_a_misplaced_one_less()
    {
        Assert.Equal(0, Silhouette.OfRows([[0], [1], [9]], [0, 0, 1])[2]);
        Assert.Equal(0, Silhouette.Of([[1], [1], [1], [1]], [0, 0, 1, 1]));
        Assert.True(Silhouette.OfRows([[0], [1], [9], [1.5f]], [0, 0, 1, 1])[3] < 0);
        Assert.Contains("are in 1", Assert.Throws<ArgumentException>(() => Silhouette.Of([[1], [2]], [4, 4])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Silhouette.Of([[1], [2]], [4]));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(5, 5)]
    [InlineData(6, 6)]
    [InlineData(3, 6)]
    [InlineData(6, 4)]
    public void An_assignment_costs_what_the_best_of_all_permutations_does(int rows, int columns)
    {
        var random = new Random((rows * 10) + columns);
        for (int time = 0; time < 40; time++)
        {
            var costs = new double[rows, columns];
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    // Few different costs, some below 0: ties are common.
                    costs[i, j] = time < 20 ? random.Next(-3, 4) : random.NextDouble() - 0.5;
                }
            }

            var found = Assignment.Best(costs);
            Assert.Equal(rows, found.Count);
            var taken = found.Where(j => j >= 0).ToList();
            Assert.Equal(Math.Min(rows, columns), taken.Count);
            Assert.Equal(taken.Count, taken.Distinct().Count());
            Assert.Equal(Least(costs), found.Index().Where(p => p.Item >= 0).Sum(p => costs[p.Index, p.Item]), 1e-9);
        }
    }

    [Fact]
    public void Costs_must_be_finite_and_nothing_is_assigned_to_nothing()
    {
        Assert.Throws<ArgumentException>(() => Assignment.Best(new[,] { { 1, double.NaN } }));
        Assert.Empty(Assignment.Best(new double[0, 3]));
        Assert.Equal(-1, Assert.Single(Assignment.Best(new double[1, 0])));
    }

    [Fact]
    public void Clusters_are_matched_with_classes_whatever_their_numbers()
    {
        // Cluster 5 holds a, a, b; cluster 9 holds b, b; cluster 1 holds a: two of three clusters have a class.
        var match = ClusterMatch.Of([5, 5, 5, 9, 9, 1], [0, 0, 7, 7, 7, 0]);
        Assert.Equal(4 / 6.0, match.Accuracy, 1e-12);
        Assert.Equal(5 / 6.0, match.Purity, 1e-12);
        Assert.Equal([(5, 0), (9, 7)], match.ClassOf.OrderBy(c => c.Key).Select(c => (c.Key, c.Value)));
    }

    [Fact]
    public void Renamed_clusters_agree_wholly_and_single_rows_are_pure_but_not_accurate()
    {
        int[] classes = [0, 1, 2, 0, 1, 2];
        Assert.Equal((1.0, 1.0), Of([4, 8, 6, 4, 8, 6]));
        Assert.Equal((0.5, 1.0), Of([0, 1, 2, 3, 4, 5]));
        Assert.Equal((2 / 6.0, 2 / 6.0), Of([0, 0, 0, 0, 0, 0]));
        Assert.Throws<ArgumentException>(() => ClusterMatch.Of([], []));
        Assert.Throws<ArgumentException>(() => ClusterMatch.Of([1], []));

        (double, double) Of(int[] clusters) => (ClusterMatch.Of(clusters, classes).Accuracy, ClusterMatch.Of(clusters, classes).Purity);
    }

    [Fact]
    public void A_sampled_silhouette_says_of_how_many_rows_it_is_and_is_near_the_exact_one()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 600).Select(i => new[] { (i % 2 * 4) + random.NextSingle(), random.NextSingle() }).ToArray();
        int[] clusters = [.. rows.Select((_, i) => i % 2)];
        var (exact, sampled) = (ClusterReport.Of(rows, clusters), ClusterReport.Of(rows, clusters, silhouetteRows: 100));
        Assert.Equal((600, 100), (exact.SilhouetteRows, sampled.SilhouetteRows));
        Assert.Equal(Silhouette.Of(rows, clusters), exact.Silhouette);
        Assert.InRange(sampled.Silhouette!.Value, exact.Silhouette!.Value - 0.02, exact.Silhouette.Value + 0.02);
        Assert.Equal(sampled, ClusterReport.Of(rows, clusters, silhouetteRows: 100));
        Assert.Contains("(of 100 sampled rows)", sampled.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sampled", exact.ToString(), StringComparison.Ordinal);
        var one = ClusterReport.Of(rows, [.. clusters.Select(_ => 3)]);
        Assert.Null(one.Silhouette);
        Assert.Equal(rows.Sum(r => Math.Pow(r[0] - rows.Average(o => (double)o[0]), 2) + Math.Pow(r[1] - rows.Average(o => (double)o[1]), 2)),
            one.Inertia, 1e-6);
        Assert.Throws<ArgumentException>(() => ClusterReport.Of([], []));
    }

    private static double Least(double[,] costs)
    {
        var (rows, columns) = (costs.GetLength(0), costs.GetLength(1));
        return rows <= columns
            ? Least(rows, columns, (i, j) => costs[i, j], 0, 0)
            : Least(columns, rows, (i, j) => costs[j, i], 0, 0);
    }

    // All ways to give each further row a column that is still free.
    private static double Least(int rows, int columns, Func<int, int, double> cost, int row, int taken) => row == rows
        ? 0
        : Enumerable.Range(0, columns).Where(j => (taken >> j & 1) == 0)
            .Min(j => cost(row, j) + Least(rows, columns, cost, row + 1, taken | (1 << j)));
}
