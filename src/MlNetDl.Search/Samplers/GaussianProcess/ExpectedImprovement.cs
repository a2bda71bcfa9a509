using MathNet.Numerics;

namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>The logarithm of expected improvement (Jones, Schonlau and Welch 1998), accurate where the
/// improvement itself is 0 as a double (Ament et al. 2023, "Unexpected improvements to expected improvement for
/// Bayesian optimization", arXiv:2310.20708).</summary>
internal static class ExpectedImprovement
{
    private const double LogRootTwoPi = 0.91893853320467274178;
    private const double RootHalf = 0.70710678118654752440;

    /// <summary>log E[max(best − f, 0)] for f ~ N(mean, deviation²).</summary>
    public static double Log(double best, double mean, double deviation) => LogUnit((best - mean) / deviation) + Math.Log(deviation);

    /// <summary>log(φ(z) + z Φ(z)).</summary>
    /// <remarks>
    /// Left of −1 the sum cancels. There, with t = −z and Mills' ratio Φ(−t)/φ(t) = 1/(t + c), c = 1/(t + 2/(t + 3/(t +
    /// …))) (Abramowitz and Stegun 26.2.14), it is φ(t) (1 − t/(t + c)) = φ(t) c/(t + c), a product.
    /// </remarks>
    public static double LogUnit(double z)
    {
        double logDensity = (-0.5 * z * z) - LogRootTwoPi;
        if (z > -1)
        {
            return Math.Log(Math.Exp(logDensity) + (z * 0.5 * SpecialFunctions.Erfc(-z * RootHalf)));
        }

        // As many terms as a double's precision takes; few, the further left.
        double t = -z, c = t;
        for (int k = 10 + (int)(500 / (t * t)); k >= 2; k--)
        {
            c = t + (k / c);
        }

        c = 1 / c;
        return logDensity + Math.Log(c / (t + c));
    }
}
