namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>A Matérn 5/2 kernel with a length scale for each coordinate, and observation noise (Rasmussen and Williams
/// 2006, "Gaussian processes for machine learning", equation 4.17).</summary>
/// <param name="InverseSquares">1/ℓ² of each coordinate.</param>
/// <param name="Scale">The variance of the function.</param>
/// <param name="Noise">The variance of the noise, added at observations.</param>
internal sealed record KernelParameters(double[] InverseSquares, double Scale, double Noise)
{
    private static readonly double Root5 = Math.Sqrt(5);

    /// <summary>Correlation at a squared scaled distance: (1 + √5 r + 5/3 r²) exp(−√5 r).</summary>
    public static double Correlation(double squared)
    {
        double r = Root5 * Math.Sqrt(squared);
        return (1 + r + (r * r / 3)) * Math.Exp(-r);
    }

    /// <summary>The derivative of <see cref="Correlation"/> by the squared distance: −5/6 (1 + √5
    /// r) exp(−√5 r).</summary>
    public static double Slope(double squared)
    {
        double r = Root5 * Math.Sqrt(squared);
        return -5.0 / 6 * (1 + r) * Math.Exp(-r);
    }

    /// <summary>The squared difference in one coordinate; of options 1 when they differ (Hamming distance).</summary>
    public static double Difference(double a, double b, bool isChoice) => isChoice ? (a == b ? 0 : 1) : (a - b) * (a - b);

    /// <summary>The squared distance in length scales.</summary>
    public double Squared(double[] a, double[] b, bool[] isChoice)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            sum += InverseSquares[j] * Difference(a[j], b[j], isChoice[j]);
        }

        return sum;
    }

    /// <summary>All parameters as logarithms: length scales, scale, noise.</summary>
    public double[] ToLogs() => [.. InverseSquares.Select(w => Math.Log(w)), Math.Log(Scale), Math.Log(Noise)];

    public static KernelParameters FromLogs(IReadOnlyList<double> logs) =>
        new([.. logs.Take(logs.Count - 2).Select(l => Math.Exp(l))], Math.Exp(logs[^2]), Math.Exp(logs[^1]));
}
