namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>The factorisation K = L Lᵀ of a covariance. MathNet's starts tasks for matrices of any size, which takes
/// longer than the work where there are some dozens of rows.</summary>
internal sealed class CholeskyFactor
{
    private readonly double[][] rows;

    private CholeskyFactor(double[][] rows) => this.rows = rows;

    /// <summary>2 Σ log Lᵢᵢ.</summary>
    public double LogDeterminant => 2 * rows.Sum(row => Math.Log(row[^1]));

    /// <summary>The factor of a matrix.</summary>
    /// <param name="lower">Its lower triangle, row i of i + 1 numbers; overwritten.</param>
    /// <returns><see langword="null"/> when the matrix is not positive definite.</returns>
    public static CholeskyFactor? Of(double[][] lower)
    {
        for (int i = 0; i < lower.Length; i++)
        {
            double[] row = lower[i];
            for (int j = 0; j < i; j++)
            {
                row[j] = (row[j] - Dot(row, lower[j], j)) / lower[j][j];
            }

            double pivot = row[i] - Dot(row, row, i);
            if (!(pivot > 0))
            {
                return null;
            }

            row[i] = Math.Sqrt(pivot);
        }

        return new(lower);
    }

    /// <summary>K⁻¹ b.</summary>
    public double[] Solve(double[] b)
    {
        double[] x = SolveLower(b);
        for (int i = x.Length - 1; i >= 0; i--)
        {
            x[i] /= rows[i][i];
            for (int j = 0; j < i; j++)
            {
                x[j] -= rows[i][j] * x[i];
            }
        }

        return x;
    }

    /// <summary>L⁻¹ b.</summary>
    public double[] SolveLower(double[] b)
    {
        double[] x = new double[b.Length];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (b[i] - Dot(rows[i], x, i)) / rows[i][i];
        }

        return x;
    }

    /// <summary>The lower triangle of K⁻¹ = L⁻ᵀ L⁻¹.</summary>
    public double[][] Inverse()
    {
        int n = rows.Length;
        double[][] root = new double[n][], inverse = new double[n][];
        for (int i = 0; i < n; i++)
        {
            root[i] = new double[i + 1];
            inverse[i] = new double[i + 1];
            for (int k = 0; k < i; k++)
            {
                Add(root[i], -rows[i][k] / rows[i][i], root[k], k + 1);
            }

            root[i][i] = 1 / rows[i][i];
            for (int j = 0; j <= i; j++)
            {
                Add(inverse[j], root[i][j], root[i], j + 1);
            }
        }

        return inverse;
    }

    private static double Dot(double[] a, double[] b, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void Add(double[] to, double factor, double[] from, int count)
    {
        for (int i = 0; i < count; i++)
        {
            to[i] += factor * from[i];
        }
    }
}
