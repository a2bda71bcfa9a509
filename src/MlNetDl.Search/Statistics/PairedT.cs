using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace MlNetDl.Search.Statistics;

/// <summary>The paired t test (Student 1908, "The probable error of a mean"): is the mean of paired differences zero?
/// Assumes that they are about normal.</summary>
public static class PairedT
{
    /// <summary>Its name in results.</summary>
    public const string Name = "paired t";

    /// <summary>Tests differences of pairs. The statistic is t, with one degree of freedom less than
    /// there are pairs.</summary>
    /// <param name="differences">First minus second, for each pair; finite, two or more.</param>
    /// <param name="alternative">What is looked for.</param>
    /// <remarks>Where all differences are equal, t is 0 (p = 1) if they are 0, else infinite (p = 0).</remarks>
    /// <exception cref="ArgumentException">There are fewer than two, or some are not finite.</exception>
    public static TestResult Test(IReadOnlyList<double> differences, Alternative alternative = Alternative.TwoSided)
    {
        RankStatistics.Check(differences, 2, nameof(differences));
        double mean = differences.Average(), error = differences.StandardDeviation() / Math.Sqrt(differences.Count);
        double t = mean == 0 ? 0 : mean / error;
        double atMost = Tail(t, differences.Count - 1), atLeast = Tail(-t, differences.Count - 1);
        return new(Name, t, RankStatistics.PValue(atMost, atLeast, alternative), differences.Count);
    }

    /// <summary>The chance of a smaller t.</summary>
    internal static double Tail(double t, double freedom) => double.IsInfinity(t) ? (t > 0 ? 1 : 0) : StudentT.CDF(0, 1, freedom, t);
}
