namespace MlNetDl.Sweeps;

/// <summary>Wilcoxon's signed-rank test of pairs, exact also with ties: the distribution of the rank sum is counted out.</summary>
internal static class SignedRank
{
    /// <summary>The probability of differences at least as far above 0 when signs were tossed; pairs without a difference are left out.</summary>
    /// <returns>The one-sided p value; 1 when no pair differs.</returns>
    public static double Greater(IReadOnlyList<double> differences)
    {
        var sorted = differences.Where(d => d != 0).OrderBy(Math.Abs).ToList();

        // Ranks doubled, so that the mean ranks of ties are whole.
        var ranks = new int[sorted.Count];
        for (int i = 0; i < sorted.Count;)
        {
            int end = i;
            while (end < sorted.Count && Math.Abs(sorted[end]) == Math.Abs(sorted[i]))
            {
                end++;
            }

            Array.Fill(ranks, i + 1 + end, i, end - i);
            i = end;
        }

        double[] ways = new double[ranks.Sum() + 1];
        ways[0] = 1;
        foreach (int rank in ranks)
        {
            for (int sum = ways.Length - 1; sum >= rank; sum--)
            {
                ways[sum] += ways[sum - rank];
            }
        }

        int observed = Enumerable.Range(0, ranks.Length).Where(i => sorted[i] > 0).Sum(i => ranks[i]);
        return ways.Skip(observed).Sum() / ways.Sum();
    }
}
