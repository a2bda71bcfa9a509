namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>A Gaussian process with mean 0, given observations (Rasmussen and Williams 2006, algorithm 2.1).</summary>
internal sealed class Posterior
{
    private readonly double[][] points;
    private readonly bool[] isChoice;
    private readonly KernelParameters kernel;
    private readonly double[] weights;

    /// <summary>The posterior of observations.</summary>
    /// <param name="points">Where.</param>
    /// <param name="values">What.</param>
    /// <param name="isChoice">Which coordinates are options.</param>
    /// <param name="kernel">The kernel.</param>
    /// <exception cref="ArithmeticException">The covariance is not positive definite.</exception>
    public Posterior(double[][] points, double[] values, bool[] isChoice, KernelParameters kernel)
    {
        (this.points, this.isChoice, this.kernel) = (points, isChoice, kernel);
        Factor = CholeskyFactor.Of(Covariance())
            ?? throw new ArithmeticException(
                $"the covariance of {points.Length} observations is not positive definite; raise the noise.");
        weights = Factor.Solve(values);
    }

    /// <summary>The factorised covariance of the observations, noise included.</summary>
    public CholeskyFactor Factor { get; }

    /// <summary>The covariance times these is the values.</summary>
    public IReadOnlyList<double> Weights => weights;

    /// <summary>Mean and deviation of the function, without noise, at a point.</summary>
    /// <returns>Also whether the point has been observed.</returns>
    public (double Mean, double Deviation, bool Known) At(double[] point)
    {
        double mean = 0, variance = kernel.Scale;
        bool known = false;
        double[] covariance = new double[points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            double squared = kernel.Squared(point, points[i], isChoice);
            known |= squared == 0;
            covariance[i] = kernel.Scale * KernelParameters.Correlation(squared);
            mean += covariance[i] * weights[i];
        }

        foreach (double part in Factor.SolveLower(covariance))
        {
            variance -= part * part;
        }

        return (mean, Math.Sqrt(Math.Max(variance, 1e-12 * kernel.Scale)), known);
    }

    private double[][] Covariance()
    {
        double[][] lower = new double[points.Length][];
        for (int i = 0; i < lower.Length; i++)
        {
            lower[i] = new double[i + 1];
            lower[i][i] = kernel.Scale + kernel.Noise;
            for (int j = 0; j < i; j++)
            {
                lower[i][j] = kernel.Scale * KernelParameters.Correlation(kernel.Squared(points[i], points[j], isChoice));
            }
        }

        return lower;
    }
}
