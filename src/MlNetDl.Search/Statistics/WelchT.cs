using MathNet.Numerics.Statistics;

namespace MlNetDl.Search.Statistics;

/// <summary>Welch's t test (Welch 1947, "The generalization of 'Student's' problem when several different
/// population variances are involved"): have two groups without pairs the same mean? Assumes values that are about
/// normal, not equal variances.</summary>
public static class WelchT
{
    /// <summary>Its name in results.</summary>
    public const string Name = "Welch t";

    /// <summary>Tests two groups. The statistic is t.</summary>
    /// <param name="a">The first group; finite, two or more.</param>
    /// <param name="b">The second group.</param>
    /// <param name="alternative">What is looked for.</param>
    /// <remarks>Groups without any spread say 0 (p = 1) or leave no doubt (t is infinite).</remarks>
    /// <exception cref="ArgumentException">A group has fewer than two values, or some are not finite.</exception>
    public static TestResult Test(IReadOnlyList<double> a, IReadOnlyList<double> b, Alternative alternative = Alternative.TwoSided)
    {
        var (error, freedom) = Error(a, b);
        double difference = a.Average() - b.Average(), t = difference == 0 ? 0 : difference / error;
        return new(Name, t, RankStatistics.PValue(PairedT.Tail(t, freedom), PairedT.Tail(-t, freedom), alternative), a.Count + b.Count);
    }

    /// <summary>The standard error of the difference of the means, and its degrees of freedom.</summary>
    internal static (double Error, double Freedom) Error(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        RankStatistics.Check(a, 2, nameof(a));
        RankStatistics.Check(b, 2, nameof(b));
        double va = a.Variance() / a.Count, vb = b.Variance() / b.Count, both = va + vb;
        return (Math.Sqrt(both), both == 0 ? a.Count + b.Count - 2 : both * both / ((va * va / (a.Count - 1)) + (vb * vb / (b.Count - 1))));
    }
}
