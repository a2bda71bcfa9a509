using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>The kernel that makes standardised observations likeliest, under priors: log marginal likelihood (Rasmussen
/// and Williams 2006, equations 5.8 and 5.9) plus log priors, maximised by L-BFGS.</summary>
/// <remarks>
/// The priors, densities of the logarithms up to constants, are those of Optuna: 1/ℓ² near 1, neither 0 nor large,
/// exp(−0.1/w − 0.1 w); scale Γ(2, 1); noise Γ(1.1, 30).
/// They keep length scales finite where there are few observations.
/// </remarks>
internal sealed class KernelFit(double[][] points, double[] values, bool[] isChoice)
{
    // A little noise keeps the covariance positive definite when points come close.
    internal const double LeastNoise = 1e-6;
    private const int MaxIterations = 40;

    private double best = double.PositiveInfinity;
    private double[]? bestLogs;

    /// <summary>The fitted kernel.</summary>
    public static KernelParameters Fit(double[][] points, double[] values, bool[] isChoice)
    {
        // Length scales of half the range, and little noise: between flat and rough.
        var start = new KernelParameters([.. isChoice.Select(_ => 4.0)], 1, 1e-3);
        var fit = new KernelFit(points, values, isChoice);
        try
        {
            new LimitedMemoryBfgsMinimizer(1e-3, 1e-3, 1e-5, 10, MaxIterations)
                .FindMinimum(ObjectiveFunction.Gradient(fit.Loss), Vector<double>.Build.DenseOfArray(start.ToLogs()));
        }
        catch (OptimizationException)
        {
            // No more iterations, or no better point along the line: the best point so far is taken.
        }

        return fit.bestLogs is { } logs ? KernelParameters.FromLogs(logs) : start;
    }

    /// <summary>Log marginal likelihood plus log priors and its gradient, by the logarithms of the
    /// parameters.</summary>
    /// <exception cref="ArithmeticException">The covariance is not positive definite.</exception>
    public (double Value, double[] Gradient) LogPosterior(IReadOnlyList<double> logs)
    {
        var kernel = KernelParameters.FromLogs(logs);
        int n = points.Length, d = isChoice.Length;
        var posterior = new Posterior(points, values, isChoice, kernel with { Noise = kernel.Noise + LeastNoise });
        var weights = posterior.Weights;
        double[][] inverse = posterior.Factor.Inverse();

        double value = -0.5 * (posterior.Factor.LogDeterminant + (n * Math.Log(2 * Math.PI)));
        double[] gradient = new double[d + 2];
        for (int i = 0; i < n; i++)
        {
            value -= 0.5 * values[i] * weights[i];

            // Equation 5.9: half the trace of (α αᵀ − K⁻¹) ∂K/∂θ; below the diagonal everything twice.
            double outer = (weights[i] * weights[i]) - inverse[i][i];
            gradient[d] += 0.5 * outer * kernel.Scale;
            gradient[d + 1] += 0.5 * outer * kernel.Noise;
            for (int j = 0; j < i; j++)
            {
                outer = (weights[i] * weights[j]) - inverse[i][j];
                double squared = kernel.Squared(points[i], points[j], isChoice);
                gradient[d] += outer * kernel.Scale * KernelParameters.Correlation(squared);
                double slope = outer * kernel.Scale * KernelParameters.Slope(squared);
                for (int k = 0; k < d; k++)
                {
                    gradient[k] += slope * kernel.InverseSquares[k] * KernelParameters.Difference(points[i][k], points[j][k], isChoice[k]);
                }
            }
        }

        for (int k = 0; k < d; k++)
        {
            double w = kernel.InverseSquares[k];
            value -= 0.1 * ((1 / w) + w);
            gradient[k] += 0.1 * ((1 / w) - w);
        }

        value += logs[d] - kernel.Scale + (0.1 * logs[d + 1]) - (30 * kernel.Noise);
        gradient[d] += 1 - kernel.Scale;
        gradient[d + 1] += 0.1 - (30 * kernel.Noise);
        return (value, gradient);
    }

    private (double Value, Vector<double> Gradient) Loss(Vector<double> logs)
    {
        double[] bounded = [.. logs.Select(l => Math.Clamp(l, -20, 20))];
        try
        {
            var (value, gradient) = LogPosterior(bounded);

            // Per observation, so that the first step is of moderate length.
            value = -value / points.Length;
            if (value < best)
            {
                (best, bestLogs) = (value, bounded);
            }

            return (value, Vector<double>.Build.Dense(logs.Count, i => -gradient[i] / points.Length));
        }
        catch (ArithmeticException)
        {
            return (1e10, Vector<double>.Build.Dense(logs.Count));
        }
    }
}
