using MathNet.Numerics;

namespace MlNetDl.Search.Statistics;

/// <summary>Logarithms of the standard normal's probabilities, accurate far out in the tails, where the probabilities
/// themselves are 0 as doubles or cancel.</summary>
internal static class NormalMass
{
    private const double LogRootTwoPi = 0.91893853320467274178;
    private const double RootHalf = 0.70710678118654752440;

    // Left of here the asymptotic series is exact to a double's last digits.
    private const double FarLeft = -20;

    /// <summary>log Φ(x).</summary>
    public static double LogCumulative(double x) => x switch
    {
        > 0 => LogOnePlus(-Cumulative(-x)),
        > FarLeft => Math.Log(Cumulative(x)),
        _ => (-0.5 * x * x) - LogRootTwoPi - Math.Log(-x) + LogOnePlus(FarSeries(1 / (x * x))),
    };

    /// <summary>log(Φ(b) − Φ(a)).</summary>
    /// <param name="a">The smaller bound.</param>
    /// <param name="b">The larger bound.</param>
    public static double LogBetween(double a, double b)
    {
        // The left tail holds small numbers, the right one differences from 1: work on the left.
        if (a > 0)
        {
            (a, b) = (-b, -a);
        }

        double half = 0.5 * (b - a), middle = 0.5 * (a + b);
        if (half * (Math.Abs(middle) + 3) < 0.05)
        {
            return LogNarrow(middle, half);
        }

        if (b > 0)
        {
            return LogOnePlus(-Cumulative(a) - Cumulative(-b));
        }

        // Wide intervals do not cancel, so the difference will do as long as it is a double.
        if (b > FarLeft)
        {
            return Math.Log(Cumulative(b) - Cumulative(a));
        }

        double right = LogCumulative(b);
        return right + LogOnePlus(-Math.Exp(LogCumulative(a) - right));
    }

    /// <summary>log φ(x), the log density.</summary>
    public static double LogDensity(double x) => (-0.5 * x * x) - LogRootTwoPi;

    /// <summary>The value below which lies a share of the mass between two bounds, of which one is not above 0 and the
    /// other not below.</summary>
    /// <param name="unit">The share, 0 to 1.</param>
    /// <param name="a">0 or less.</param>
    /// <param name="b">0 or more.</param>
    public static double Quantile(double unit, double a, double b)
    {
        double left = Cumulative(a), right = Cumulative(-b), mass = 1 - left - right;
        double below = left + (unit * mass), above = right + ((1 - unit) * mass);
        double z = below < above ? -SpecialFunctions.ErfcInv(2 * below) / RootHalf : SpecialFunctions.ErfcInv(2 * above) / RootHalf;
        return Math.Clamp(z, a, b);
    }

    /// <summary>The value below which lies a share of the mass between any two bounds.</summary>
    /// <param name="unit">The share, 0 to 1.</param>
    /// <param name="a">The smaller bound.</param>
    /// <param name="b">The larger bound.</param>
    public static double QuantileBetween(double unit, double a, double b)
    {
        if (a <= 0 && b >= 0)
        {
            return Quantile(unit, a, b);
        }

        if (a > 0)
        {
            return -QuantileBetween(1 - unit, -b, -a);
        }

        // Far out nearly all of the mass lies beside the inner bound, and is 0 as a double.
        double left = Cumulative(a), below = left + (unit * (Cumulative(b) - left));
        return below > 0 ? Math.Clamp(-SpecialFunctions.ErfcInv(2 * below) / RootHalf, a, b) : b;
    }

    // Kahan's: the rounding of 1 + x cancels. (The runtime's LogP1 is the plain logarithm of the sum.)
    private static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }

    private static double Cumulative(double x) => 0.5 * SpecialFunctions.Erfc(-x * RootHalf);

    // The integral of φ over middle ± half, φ expanded around the middle: its derivatives are Hermite polynomials. What
    // is left out is below 1e-16 of the whole.
    private static double LogNarrow(double middle, double half)
    {
        double m = middle * middle, h = half * half;
        double second = (m - 1) / 6, fourth = ((m * (m - 6)) + 3) / 120, sixth = ((m * ((m * (m - 15)) + 45)) - 15) / 5040;
        return LogDensity(middle) + Math.Log(2 * half) + LogOnePlus(h * (second + (h * (fourth + (h * sixth)))));
    }

    // Abramowitz and Stegun 26.2.12 without its leading 1, up to the smallest term that matters at FarLeft.
    private static double FarSeries(double inverseSquare)
    {
        double sum = 0, term = 1;
        for (int i = 1; i <= 17; i += 2)
        {
            term *= -i * inverseSquare;
            sum += term;
        }

        return sum;
    }
}
