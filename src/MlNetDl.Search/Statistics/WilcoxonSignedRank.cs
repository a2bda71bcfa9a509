namespace MlNetDl.Search.Statistics;

/// <summary>The treatment of pairs without a difference.</summary>
public enum ZeroDifferences
{
    /// <summary>They are left out (Wilcoxon 1945).</summary>
    Drop,

    /// <summary>They are ranked with the others and then left out (Pratt 1959, "Remarks on zeros and ties in the
    /// Wilcoxon signed rank procedures"): pairs without a difference then speak for none.</summary>
    Rank,
}

/// <summary>The Wilcoxon signed-rank test (Wilcoxon 1945, "Individual comparisons by ranking methods"): do paired
/// differences lie around zero? Assumes that they are symmetric, not that they are normal.</summary>
public static class WilcoxonSignedRank
{
    /// <summary>Its name in results.</summary>
    public const string Name = "Wilcoxon signed-rank";

    private const int MostExact = 50;

    /// <summary>Tests differences of pairs. The statistic is W⁺, the sum of the ranks of those above zero.</summary>
    /// <param name="differences">First minus second, for each pair; finite, one or more.</param>
    /// <param name="alternative">What is looked for.</param>
    /// <param name="zeros">The treatment of zeros.</param>
    /// <param name="method">Exact: over all 2ⁿ signs, equal differences sharing their ranks. By default up to 50
    /// differences, where it takes microseconds.</param>
    /// <remarks>Without a difference other than zero p is 1.</remarks>
    /// <exception cref="ArgumentException">There are none, or some are not finite.</exception>
    public static TestResult Test(
        IReadOnlyList<double> differences,
        Alternative alternative = Alternative.TwoSided,
        ZeroDifferences zeros = ZeroDifferences.Drop,
        PValueMethod method = PValueMethod.Auto)
    {
        RankStatistics.Check(differences, 1, nameof(differences));
        double[] used = zeros == ZeroDifferences.Drop ? [.. differences.Where(d => d != 0)] : [.. differences];
        var (ranks, _) = RankStatistics.Of([.. used.Select(Math.Abs)]);
        double[] signed = [.. ranks.Where((_, i) => used[i] != 0)];
        double statistic = ranks.Where((_, i) => used[i] > 0).Sum();
        double p = method == PValueMethod.Exact || (method == PValueMethod.Auto && signed.Length <= MostExact)
            ? Exact(signed, statistic, alternative)
            : RankStatistics.PValue(statistic, signed.Sum() / 2, signed.Sum(r => r * r) / 4, alternative);
        return new(Name, statistic, p, differences.Count);
    }

    // Rank after rank: with either sign, as likely as not. Shared ranks are halves, so twice the sum is whole.
    private static double Exact(double[] ranks, double statistic, Alternative alternative)
    {
        var chances = new double[(int)Math.Round(2 * ranks.Sum()) + 1];
        chances[0] = 1;
        int most = 0;
        foreach (double rank in ranks)
        {
            int twice = (int)Math.Round(2 * rank);
            most += twice;
            for (int sum = most; sum >= 0; sum--)
            {
                chances[sum] = (chances[sum] + (sum >= twice ? chances[sum - twice] : 0)) / 2;
            }
        }

        int at = (int)Math.Round(2 * statistic);
        return RankStatistics.PValue(chances.Take(at + 1).Sum(), chances.Skip(at).Sum(), alternative);
    }
}
