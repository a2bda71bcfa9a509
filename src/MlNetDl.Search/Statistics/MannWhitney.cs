namespace MlNetDl.Search.Statistics;

/// <summary>The Mann-Whitney U test (Mann and Whitney 1947, "On a test of whether one of two random variables is
/// stochastically larger than the other"): do values without pairs tend to be greater in one group?</summary>
public static class MannWhitney
{
    /// <summary>Its name in results.</summary>
    public const string Name = "Mann-Whitney U";

    private const int MostExact = 50;

    /// <summary>Tests two groups. The statistic is U of the first: how many of all pairs it wins,
    /// ties counting half.</summary>
    /// <param name="a">The first group; finite, one or more.</param>
    /// <param name="b">The second group.</param>
    /// <param name="alternative">What is looked for.</param>
    /// <param name="method">Exact: over all orders, for values without ties. By default up to 50 values a
    /// group without ties.</param>
    /// <exception cref="ArgumentException">A group is empty, a value is not finite, or exact is asked
    /// for with ties.</exception>
    public static TestResult Test(
        IReadOnlyList<double> a,
        IReadOnlyList<double> b,
        Alternative alternative = Alternative.TwoSided,
        PValueMethod method = PValueMethod.Auto)
    {
        RankStatistics.Check(a, 1, nameof(a));
        RankStatistics.Check(b, 1, nameof(b));
        var (ranks, ties) = RankStatistics.Of([.. a, .. b]);
        if (method == PValueMethod.Exact && ties > 0)
        {
            throw new ArgumentException(
                "the exact Mann-Whitney test is for values without ties; take the normal approximation.",
                nameof(method));
        }

        double m = a.Count, n = b.Count, all = m + n;
        double statistic = ranks.Take(a.Count).Sum() - (m * (m + 1) / 2);
        double p = method == PValueMethod.Exact
                || (method == PValueMethod.Auto && ties == 0 && a.Count <= MostExact && b.Count <= MostExact)
            ? Exact(a.Count, b.Count, (int)Math.Round(statistic), alternative)
            : RankStatistics.PValue(
                statistic, m * n / 2, m * n / 12 * (all + 1 - (ties / (all * (all - 1)))), alternative);
        return new(Name, statistic, p, a.Count + b.Count);
    }

    // The greatest of all values is of the first group with chance m / (m + n), and then wins n pairs.
    private static double Exact(int m, int n, int statistic, Alternative alternative)
    {
        var row = new double[n + 1][];
        for (int i = 0; i <= m; i++)
        {
            var next = new double[n + 1][];
            for (int j = 0; j <= n; j++)
            {
                next[j] = new double[(i * j) + 1];
                for (int u = 0; u <= i * j; u++)
                {
                    next[j][u] = i == 0 || j == 0
                        ? 1
                        : ((i * (u >= j ? row[j][u - j] : 0)) + (j * (u < next[j - 1].Length ? next[j - 1][u] : 0))) / (i + j);
                }
            }

            row = next;
        }

        return RankStatistics.PValue(row[n].Take(statistic + 1).Sum(), row[n].Skip(statistic).Sum(), alternative);
    }
}
