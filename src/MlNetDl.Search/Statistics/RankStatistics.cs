using MathNet.Numerics.Distributions;

namespace MlNetDl.Search.Statistics;

/// <summary>Computations that rank tests share.</summary>
internal static class RankStatistics
{
    /// <summary>Ranks from 1; equal values share the mean of theirs. Also the sum of t³ − t over groups of
    /// t equal values.</summary>
    public static (double[] Ranks, double Ties) Of(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).ToArray();
        Array.Sort([.. values], order);
        var ranks = new double[values.Length];
        double ties = 0;
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && values[order[to]] == values[order[from]];)
            {
                to++;
            }

            double count = to - from;
            ties += (count * count * count) - count;
            foreach (int at in order.AsSpan(from, to - from))
            {
                ranks[at] = (from + to + 1) / 2.0;
            }
        }

        return (ranks, ties);
    }

    /// <summary>The p value of a statistic with a discrete distribution, given by its two tails, each with
    /// the value itself.</summary>
    public static double PValue(double atMost, double atLeast, Alternative alternative) => Math.Min(1, alternative switch
    {
        Alternative.Greater => atLeast,
        Alternative.Less => atMost,
        _ => 2 * Math.Min(atMost, atLeast),
    });

    /// <summary>The same by a normal distribution, half a step of continuity added to either tail.</summary>
    public static double PValue(double statistic, double mean, double variance, Alternative alternative) => variance <= 0
        ? 1
        : PValue(
            Normal.CDF(0, 1, (statistic - mean + 0.5) / Math.Sqrt(variance)),
            Normal.CDF(0, 1, -(statistic - mean - 0.5) / Math.Sqrt(variance)),
            alternative);

    /// <exception cref="ArgumentException">A value is NaN or infinite, or there are too few.</exception>
    public static void Check(IReadOnlyList<double> values, int least, string name)
    {
        if (values.Count < least)
        {
            throw new ArgumentException($"{name} must hold {least} value{(least == 1 ? "" : "s")} or more but holds {values.Count}.", name);
        }

        if (values.FirstOrDefault(v => !double.IsFinite(v), 0) is var odd && !double.IsFinite(odd))
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"{name} must be finite but holds {odd}; leave such runs out on both sides, and say so."),
                name);
        }
    }

    /// <summary>First minus second, pair by pair.</summary>
    /// <exception cref="ArgumentException">They are not as many.</exception>
    public static double[] Differences(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        if (a.Count != b.Count)
        {
            throw new ArgumentException(
                $"pairs need as many values on both sides but there are {a.Count} and {b.Count}.");
        }

        return [.. a.Zip(b, (x, y) => x - y)];
    }
}
