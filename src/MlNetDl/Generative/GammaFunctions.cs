namespace MlNetDl.Generative;

/// <summary>The gamma function where its own values leave the range of doubles.</summary>
internal static class GammaFunctions
{
    // From here on the terms that the series leave out are below the precision of a double.
    private const double SmallestForStirling = 16, SmallestForRatio = 64;

    /// <summary>log Γ(x) for x above 0, by Stirling's series.</summary>
    public static double LogGamma(double x)
    {
        double shift = 1;
        for (; x < SmallestForStirling; x++)
        {
            shift *= x;
        }

        double inverse = 1 / x, square = inverse * inverse;
        double tail = (1 / 1260.0) - (square * ((1 / 1680.0) - (square * ((1 / 1188.0) - (square * 691 / 360360)))));
        double series = inverse * ((1 / 12.0) - (square * ((1 / 360.0) - (square * tail))));
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series - Math.Log(shift);
    }

    /// <summary>Γ(x + ½) / Γ(x) for x above 0, by its expansion in powers of 1/x.</summary>
    public static double HalfStep(double x)
    {
        double shift = 1;
        for (; x < SmallestForRatio; x++)
        {
            shift *= x / (x + 0.5);
        }

        double u = 1 / x;
        double tail = (5 / 1024.0) - (u * ((21 / 32768.0) + (u * ((399 / 262144.0) - (u * 869 / 4194304)))));
        double series = 1 - (u * ((1 / 8.0) - (u * ((1 / 128.0) + (u * tail)))));
        return Math.Sqrt(x) * series * shift;
    }

    /// <summary>log ₁F₁(a; b; x), Kummer's function, for a, b above 0 with a ≤ b + 1, and x of 0 or more.</summary>
    /// <remarks>All terms (a)ₖ xᵏ / ((b)ₖ k!) are positive and rise to one peak. The sum runs from the peak to both sides
    /// in units of the largest term, so no value overflows.</remarks>
    public static double LogKummer(double a, double b, double x)
    {
        // The term k + 1 over the term k is (a + k) x / ((b + k) (k + 1)). The ratio is 1 at the root of a quadratic.
        double half = (x - b - 1) / 2;
        double peak = Math.Max(0, Math.Floor(half + Math.Sqrt(Math.Max(0, (half * half) + (a * x) - b))));
        double sum = SumFromPeak(peak, k => (a + k) * x / ((b + k) * (k + 1)), _ => 1);
        double largest = peak == 0 ? 0 : (peak * Math.Log(x)) - LogGamma(peak + 1)
            + LogGamma(a + peak) - LogGamma(a) - LogGamma(b + peak) + LogGamma(b);
        return largest + Math.Log(sum);
    }

    /// <summary>Sum of weight(k) · value(k) over k from 0, where weight(<paramref name="peak"/>) is 1.</summary>
    /// <param name="peak">The index of the largest weight.</param>
    /// <param name="ratio">weight(k + 1) / weight(k); falls with k.</param>
    /// <param name="value">A positive value that changes slowly with k.</param>
    public static double SumFromPeak(double peak, Func<double, double> ratio, Func<double, double> value)
    {
        const double Negligible = 1e-20;
        double sum = value(peak), weight = 1;
        for (double k = peak; weight > Negligible; k++)
        {
            weight *= ratio(k);
            sum += weight * value(k + 1);
        }

        weight = 1;
        for (double k = peak - 1; k >= 0 && weight > Negligible; k--)
        {
            weight /= ratio(k);
            sum += weight * value(k);
        }

        return sum;
    }
}
