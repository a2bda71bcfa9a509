using MathNet.Numerics.LinearAlgebra;

namespace MlNetDl.Experiments.Search.Samplers.GaussianProcess;

/// <summary>A Gaussian process with mean 0, given observations (Rasmussen and Williams 2006, algorithm 2.1).</summary>
internal sealed class Posterior
{
    private readonly double[][] points;
    private readonly bool[] isChoice;
    private readonly KernelParameters kernel;
    private readonly double[] weights;
    private readonly double[][] factor;

    /// <summary>The posterior of observations.</summary>
    /// <param name="points">Where.</param>
    /// <param name="values">What.</param>
    /// <param name="isChoice">Which coordinates are options.</param>
    /// <param name="kernel">The kernel.</param>
    /// <exception cref="ArgumentException">The covariance is not positive definite.</exception>
    public Posterior(double[][] points, double[] values, bool[] isChoice, KernelParameters kernel)
    {
        (this.points, this.isChoice, this.kernel) = (points, isChoice, kernel);
        Cholesky = Covariance(points, isChoice, kernel).Cholesky();
        var solved = Cholesky.Solve(Vector<double>.Build.DenseOfArray(values));
        weights = solved.ToArray();
        factor = [.. Enumerable.Range(0, points.Length).Select(i => Cholesky.Factor.Row(i, 0, i + 1).ToArray())];
    }

    /// <summary>The factorised covariance of the observations.</summary>
    public MathNet.Numerics.LinearAlgebra.Factorization.Cholesky<double> Cholesky { get; }

    /// <summary>The covariance times these is the values.</summary>
    public IReadOnlyList<double> Weights => weights;

    /// <summary>The covariance of observations, noise included.</summary>
    public static Matrix<double> Covariance(double[][] points, bool[] isChoice, KernelParameters kernel)
    {
        var covariance = Matrix<double>.Build.Dense(points.Length, points.Length);
        for (int i = 0; i < points.Length; i++)
        {
            covariance[i, i] = kernel.Scale + kernel.Noise;
            for (int j = 0; j < i; j++)
            {
                covariance[i, j] = covariance[j, i] = kernel.Scale * KernelParameters.Correlation(kernel.Squared(points[i], points[j], isChoice));
            }
        }

        return covariance;
    }

    /// <summary>Mean and deviation of the function, without noise, at a point.</summary>
    /// <returns>Also whether the point has been observed.</returns>
    public (double Mean, double Deviation, bool Known) At(double[] point)
    {
        double mean = 0, variance = kernel.Scale;
        bool known = false;
        double[] solved = new double[points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            double squared = kernel.Squared(point, points[i], isChoice), k = kernel.Scale * KernelParameters.Correlation(squared);
            known |= squared == 0;
            mean += k * weights[i];

            // Forward substitution: solved = L⁻¹ k.
            double[] row = factor[i];
            for (int j = 0; j < i; j++)
            {
                k -= row[j] * solved[j];
            }

            solved[i] = k / row[i];
            variance -= solved[i] * solved[i];
        }

        return (mean, Math.Sqrt(Math.Max(variance, 1e-12 * kernel.Scale)), known);
    }
}
