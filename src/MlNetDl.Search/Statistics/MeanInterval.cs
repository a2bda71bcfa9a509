using System.Globalization;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace MlNetDl.Search.Statistics;

/// <summary>A mean with its confidence interval.</summary>
/// <param name="Mean">The mean; NaN, like the ends, when it rests on no values.</param>
/// <param name="Lower">The interval's lower end; -∞ for a single value, which says nothing about its spread.</param>
/// <param name="Upper">The interval's upper end.</param>
/// <param name="Confidence">How often such intervals hold the true mean, above 0 and below 1.</param>
/// <param name="Count">How many values or pairs it rests on.</param>
public readonly record struct MeanInterval(double Mean, double Lower, double Upper, double Confidence, int Count)
{
    /// <summary>The mean of values with Student's interval: mean ± t·s/√n. Assumes values that are about
    /// normal.</summary>
    /// <param name="values">One or more, finite.</param>
    /// <param name="confidence">Above 0 and below 1; 0.95 by default.</param>
    /// <exception cref="ArgumentException">There are no values, some are not finite, or the confidence is
    /// out of range.</exception>
    public static MeanInterval Of(IReadOnlyList<double> values, double confidence = 0.95)
    {
        RankStatistics.Check(values, 1, nameof(values));
        return Around(
            values.Average(),
            values.Count == 1 ? double.PositiveInfinity : values.StandardDeviation() / Math.Sqrt(values.Count),
            Math.Max(1, values.Count - 1),
            confidence,
            values.Count);
    }

    /// <summary>The difference of the means of two groups without pairs, with Welch's interval (Welch 1947, "The
    /// generalization of 'Student's' problem when several different population variances are involved").</summary>
    /// <param name="a">The first group; two or more values.</param>
    /// <param name="b">The second group.</param>
    /// <param name="confidence">Above 0 and below 1; 0.95 by default.</param>
    /// <exception cref="ArgumentException">A group has fewer than two values, some are not finite, or the confidence is
    /// out of range.</exception>
    public static MeanInterval OfDifference(IReadOnlyList<double> a, IReadOnlyList<double> b, double confidence = 0.95)
    {
        var (error, freedom) = WelchT.Error(a, b);
        return Around(a.Average() - b.Average(), error, freedom, confidence, a.Count + b.Count);
    }

    /// <summary>The same with the other sign.</summary>
    public MeanInterval Negated() => this with
    {
        Mean = -Mean,
        Lower = -Upper,
        Upper = -Lower,
    };

    /// <summary>For people: <c>0.8 [0.3, 1.3]</c>, three significant digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mean:G3} [{Lower:G3}, {Upper:G3}]");

    private static MeanInterval Around(double mean, double error, double freedom, double confidence, int count)
    {
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"confidence must be above 0 and below 1 but is {confidence}."),
                nameof(confidence));
        }

        double half = error == 0 ? 0 : double.IsInfinity(error) ? error : error * Quantile(freedom, (1 + confidence) / 2);
        return new(mean, mean - half, mean + half, confidence, count);
    }

    // In closed form for one and two degrees of freedom, where the root that a library looks for may be far out.
    private static double Quantile(double freedom, double p)
    {
        try
        {
            return freedom == 1 ? Math.Tan(Math.PI * (p - 0.5))
                : freedom == 2 ? (2 * p - 1) / Math.Sqrt(2 * p * (1 - p))
                : StudentT.InvCDF(0, 1, freedom, p);
        }
        catch (NonConvergenceException)
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"no interval of {100 * (2 * p - 1)} % can be told from so few values ({freedom:G3} degrees of freedom); take a lower confidence."),
                nameof(p));
        }
    }
}
