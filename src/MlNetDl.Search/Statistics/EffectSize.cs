using MathNet.Numerics.Statistics;

namespace MlNetDl.Search.Statistics;

/// <summary>How large a difference is, whatever the number of runs. Positive: the first is greater.</summary>
/// <param name="Name">Which measure.</param>
/// <param name="Value">Its value.</param>
public readonly record struct EffectSize(string Name, double Value)
{
    /// <summary>Cliff's delta, -1 to 1: chance that a value of the first exceeds one of the second, less the chance of
    /// the reverse (Cliff 1993, "Dominance statistics: Ordinal analyses to answer ordinal questions").</summary>
    /// <exception cref="ArgumentException">A group is empty, or a value is not finite.</exception>
    public static EffectSize CliffsDelta(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        double pairs = (double)a.Count * b.Count;
        return new("Cliff's delta", (2 * MannWhitney.Test(a, b, method: PValueMethod.Normal).Statistic / pairs) - 1);
    }

    /// <summary>The matched-pairs rank-biserial correlation, -1 to 1: share of rank sum above zero less the share
    /// below; zeros are left out (Kerby 2014, "The simple difference formula"). 0 without any difference.</summary>
    /// <exception cref="ArgumentException">There are no differences, or some are not finite.</exception>
    public static EffectSize RankBiserial(IReadOnlyList<double> differences)
    {
        double count = differences.Count(d => d != 0), all = count * (count + 1) / 2;
        double above = WilcoxonSignedRank.Test(differences, method: PValueMethod.Normal).Statistic;
        return new("rank-biserial correlation", all == 0 ? 0 : (2 * above / all) - 1);
    }

    /// <summary>Cohen's d: difference of the means in pooled standard deviations (Cohen 1988, "Statistical
    /// power analysis for the behavioral sciences", 2.2). Infinite where values do not vary, 0 where they are
    /// all the same.</summary>
    /// <exception cref="ArgumentException">A group has fewer than two values, or one is not finite.</exception>
    public static EffectSize CohensD(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        RankStatistics.Check(a, 2, nameof(a));
        RankStatistics.Check(b, 2, nameof(b));
        double pooled = Math.Sqrt((((a.Count - 1) * a.Variance()) + ((b.Count - 1) * b.Variance())) / (a.Count + b.Count - 2));
        return new("Cohen's d", Ratio(a.Average() - b.Average(), pooled));
    }

    /// <summary>Cohen's d of pairs (d_z): mean difference in standard deviations of the differences
    /// (Cohen 1988, 2.3.5).</summary>
    /// <exception cref="ArgumentException">There are fewer than two differences, or some are not finite.</exception>
    public static EffectSize CohensDOfPairs(IReadOnlyList<double> differences)
    {
        RankStatistics.Check(differences, 2, nameof(differences));
        return new("Cohen's d of pairs", Ratio(differences.Average(), differences.StandardDeviation()));
    }

    private static double Ratio(double difference, double deviation) => difference == 0 ? 0 : difference / deviation;
}
