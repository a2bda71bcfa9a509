using MathNet.Numerics.LinearAlgebra;

namespace MlNetDl.Search.Samplers.CmaEs;

/// <summary>The normal distribution N(m, σ² C) that CMA-ES moves, and its update; equations of Hansen 2016, "The CMA
/// evolution strategy: a tutorial", arXiv:1604.00772.</summary>
internal sealed class CmaEsState
{
    private readonly double[] pathSigma, pathC;
    private Matrix<double> root, inverseRoot;
    private int generation;

    public CmaEsState(CmaEsConstants constants, double[] mean, double sigma)
    {
        Constants = constants;
        Mean = [.. mean];
        Sigma = sigma;
        Covariance = Matrix<double>.Build.DenseIdentity(mean.Length);
        root = inverseRoot = Covariance;
        pathSigma = new double[mean.Length];
        pathC = new double[mean.Length];
    }

    public CmaEsConstants Constants { get; }

    /// <summary>m.</summary>
    public double[] Mean { get; }

    /// <summary>σ.</summary>
    public double Sigma { get; private set; }

    /// <summary>C.</summary>
    public Matrix<double> Covariance { get; private set; }

    /// <summary>The largest variance of C along a principal axis over the smallest.</summary>
    public double Condition { get; private set; } = 1;

    public IReadOnlyList<double> PathSigma => pathSigma;

    public IReadOnlyList<double> PathC => pathC;

    /// <summary>The standard deviation of one coordinate.</summary>
    public double Deviation(int axis) => Sigma * Math.Sqrt(Covariance[axis, axis]);

    /// <summary>m + σ y with y ~ N(0, C), equations 38 to 40.</summary>
    public double[] Sample(TrialRandom random)
    {
        var y = root.Multiply(Vector<double>.Build.Dense(Mean.Length, _ => random.NextGaussian()));
        return [.. Mean.Select((m, i) => m + (Sigma * y[i]))];
    }

    /// <summary>Shortens a step from the mean that is longer than samples are, after Hansen 2011, "Injecting external
    /// solutions into CMA-ES", arXiv:1110.4181, equation 4.</summary>
    public double[] Injected(double[] x)
    {
        double n = Mean.Length, length = inverseRoot.Multiply(Step(x)).L2Norm(), most = Math.Sqrt(n) + (2 * n / (n + 2));
        return length <= most ? x : [.. x.Select((p, i) => Mean[i] + ((p - Mean[i]) * most / length))];
    }

    /// <summary>One generation.</summary>
    /// <param name="ranked">λ points, the best first.</param>
    public void Update(IReadOnlyList<double[]> ranked)
    {
        var c = Constants;
        int n = c.Dimensions;
        generation++;
        var steps = ranked.Select(Step).ToArray();

        // Equations 41 and 42: the mean, with c_m = 1.
        var mean = Vector<double>.Build.Dense(n);
        for (int i = 0; i < c.Parents; i++)
        {
            mean += c.Weights[i] * steps[i];
        }

        for (int i = 0; i < n; i++)
        {
            Mean[i] += Sigma * mean[i];
        }

        // Equations 43 and 44: the step size.
        var whitened = inverseRoot.Multiply(mean);
        double length = 0;
        for (int i = 0; i < n; i++)
        {
            pathSigma[i] = ((1 - c.CSigma) * pathSigma[i]) + (Math.Sqrt(c.CSigma * (2 - c.CSigma) * c.MuEff) * whitened[i]);
            length += pathSigma[i] * pathSigma[i];
        }

        length = Math.Sqrt(length);
        Sigma *= Math.Exp(c.CSigma / c.DSigma * ((length / c.ChiN) - 1));

        // Equation 45: the path of the covariance, stalled while the step size grows fast.
        bool stalled = length / Math.Sqrt(1 - Math.Pow(1 - c.CSigma, 2 * (generation + 1))) >= (1.4 + (2 / (n + 1.0))) * c.ChiN;
        for (int i = 0; i < n; i++)
        {
            pathC[i] = ((1 - c.CC) * pathC[i]) + (stalled ? 0 : Math.Sqrt(c.CC * (2 - c.CC) * c.MuEff) * mean[i]);
        }

        // Equations 46 and 47: the covariance.
        var path = Vector<double>.Build.DenseOfArray(pathC);
        double kept = 1 + (stalled ? c.C1 * c.CC * (2 - c.CC) : 0) - c.C1 - (c.CMu * c.Weights.Sum());
        var covariance = (Covariance * kept) + (c.C1 * path.OuterProduct(path));
        for (int i = 0; i < steps.Length; i++)
        {
            double weight = c.Weights[i];
            if (weight < 0)
            {
                double norm = inverseRoot.Multiply(steps[i]).L2Norm();
                weight *= n / Math.Max(norm * norm, 1e-8);
            }

            covariance += c.CMu * weight * steps[i].OuterProduct(steps[i]);
        }

        Covariance = covariance;
        Decompose();
    }

    /// <summary>Raises the deviation of coordinates to at least the given ones, and lowers σ so that
    /// none exceeds <paramref name="most"/>.</summary>
    public void Bound(IReadOnlyList<double> least, double most)
    {
        double largest = Enumerable.Range(0, Mean.Length).Max(Deviation);
        Sigma = largest > most ? Sigma * most / largest : Sigma;
        bool raised = false;
        for (int i = 0; i < Mean.Length; i++)
        {
            if (Deviation(i) < least[i])
            {
                // Adding to the diagonal keeps C positive definite.
                Covariance[i, i] = least[i] * least[i] / (Sigma * Sigma);
                raised = true;
            }
        }

        if (raised)
        {
            Decompose();
        }
    }

    private Vector<double> Step(double[] x) => Vector<double>.Build.Dense(x.Length, i => (x[i] - Mean[i]) / Sigma);

    private void Decompose()
    {
        Covariance = (Covariance + Covariance.Transpose()) * 0.5;
        var evd = Covariance.Evd(Symmetricity.Symmetric);
        double largest = evd.EigenValues.Max(v => v.Real);

        // Rounding may leave a variance at or below zero.
        var deviations = evd.EigenValues.Map(v => Math.Sqrt(Math.Max(v.Real, largest * 1e-16)));
        Condition = Math.Pow(deviations.Maximum() / deviations.Minimum(), 2);
        root = evd.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(deviations);
        inverseRoot = evd.EigenVectors
            * Matrix<double>.Build.DenseOfDiagonalVector(deviations.Map(d => 1 / d))
            * evd.EigenVectors.Transpose();
    }
}
