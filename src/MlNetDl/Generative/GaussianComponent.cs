using System.Numerics.Tensors;

namespace MlNetDl.Generative;

/// <summary>One normal distribution of a mixture: its mean, and the Cholesky factor of its covariance.</summary>
internal sealed class GaussianComponent
{
    private readonly double[] mean;
    private readonly double[][] factor;
    private readonly double constant;

    /// <summary>A component.</summary>
    /// <param name="mean">Its mean, [D].</param>
    /// <param name="covariance">Its covariance, row by row up to the diagonal; positive definite.</param>
    /// <exception cref="ArgumentException">The covariance is not positive definite.</exception>
    public GaussianComponent(double[] mean, double[][] covariance)
    {
        (this.mean, factor) = (mean, Cholesky(covariance));
        constant = -0.5 * ((mean.Length * Math.Log(2 * Math.PI)) + factor.Sum(r => 2 * Math.Log(r[^1])));
        InverseTrace = Trace();
    }

    /// <summary>The mean.</summary>
    public IReadOnlyList<double> Mean => mean;

    /// <summary>The trace of the inverse covariance.</summary>
    public double InverseTrace { get; }

    /// <summary>log N(row; mean, covariance).</summary>
    /// <param name="row">A row, [D].</param>
    /// <param name="scratch">Room for D values.</param>
    public double LogDensity(ReadOnlySpan<double> row, Span<double> scratch)
    {
        for (int i = 0; i < mean.Length; i++)
        {
            var line = factor[i];
            scratch[i] = (row[i] - mean[i] - TensorPrimitives.Dot<double>(line.AsSpan(0, i), scratch[..i])) / line[i];
        }

        return constant - (TensorPrimitives.SumOfSquares<double>(scratch[..mean.Length]) / 2);
    }

    /// <summary>The row that a standard normal draw stands for.</summary>
    /// <param name="noise">The draw, [D].</param>
    /// <param name="row">Where the row goes.</param>
    public void Place(ReadOnlySpan<float> noise, Span<float> row)
    {
        for (int i = 0; i < mean.Length; i++)
        {
            double sum = mean[i];
            for (int j = 0; j <= i; j++)
            {
                sum += factor[i][j] * noise[j];
            }

            row[i] = (float)sum;
        }
    }

    private static double[][] Cholesky(double[][] covariance)
    {
        var lower = new double[covariance.Length][];
        for (int i = 0; i < lower.Length; i++)
        {
            lower[i] = new double[i + 1];
            for (int j = 0; j <= i; j++)
            {
                double rest = covariance[i][j] - TensorPrimitives.Dot<double>(lower[i].AsSpan(0, j), lower[j].AsSpan(0, j));
                lower[i][j] = i == j ? Math.Sqrt(rest) : rest / lower[j][j];
            }

            if (!(lower[i][i] > 0))
            {
                throw new ArgumentException("A covariance is not positive definite; the values are too large or too small for their variances.");
            }
        }

        return lower;
    }

    // The inverse is L⁻ᵀ·L⁻¹, so its trace is the sum of the squares of L⁻¹.
    private double Trace()
    {
        double sum = 0;
        var column = new double[mean.Length];
        for (int k = 0; k < mean.Length; k++)
        {
            Array.Clear(column);
            for (int i = k; i < mean.Length; i++)
            {
                column[i] = ((i == k ? 1 : 0) - TensorPrimitives.Dot<double>(factor[i].AsSpan(k, i - k), column.AsSpan(k, i - k))) / factor[i][i];
                sum += column[i] * column[i];
            }
        }

        return sum;
    }
}
