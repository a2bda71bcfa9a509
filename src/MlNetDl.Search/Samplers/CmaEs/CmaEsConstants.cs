namespace MlNetDl.Search.Samplers.CmaEs;

/// <summary>Weights and learning rates of CMA-ES for a number of dimensions and a population size; names and equations
/// of Hansen 2016, "The CMA evolution strategy: a tutorial", arXiv:1604.00772, table 1.</summary>
internal sealed class CmaEsConstants
{
    public CmaEsConstants(int dimensions, int populationSize)
    {
        (Dimensions, PopulationSize) = (dimensions, populationSize);
        double n = dimensions;

        // Equation 49.
        double[] raw = [.. Enumerable.Range(1, populationSize).Select(i => Math.Log((populationSize + 1) / 2.0) - Math.Log(i))];
        Parents = populationSize / 2;
        MuEff = Effective(raw.AsSpan(0, Parents));
        double muEffMinus = Effective(raw.AsSpan(Parents));

        // Equations 55 to 58.
        CSigma = (MuEff + 2) / (n + MuEff + 5);
        DSigma = 1 + (2 * Math.Max(0, Math.Sqrt((MuEff - 1) / (n + 1)) - 1)) + CSigma;
        CC = (4 + (MuEff / n)) / (n + 4 + (2 * MuEff / n));
        C1 = 2 / (((n + 1.3) * (n + 1.3)) + MuEff);
        CMu = Math.Min(1 - C1, 2 * (MuEff - 2 + (1 / MuEff)) / (((n + 2) * (n + 2)) + MuEff));

        // Equations 50 to 53.
        double most = Math.Min(Math.Min(1 + (C1 / CMu), 1 + (2 * muEffMinus / (MuEff + 2))), (1 - C1 - CMu) / (n * CMu));
        double positive = raw.Where(w => w > 0).Sum(), negative = -raw.Where(w => w < 0).Sum();
        Weights = [.. raw.Select(w => w >= 0 ? w / positive : w * most / negative)];

        // The expected length of a standard normal vector.
        ChiN = Math.Sqrt(n) * (1 - (1 / (4 * n)) + (1 / (21 * n * n)));
    }

    /// <summary>n.</summary>
    public int Dimensions { get; }

    /// <summary>λ.</summary>
    public int PopulationSize { get; }

    /// <summary>μ.</summary>
    public int Parents { get; }

    /// <summary>μ_eff, the variance-effective number of parents.</summary>
    public double MuEff { get; }

    /// <summary>w of all λ, the later half negative; the first μ sum to 1.</summary>
    public double[] Weights { get; }

    /// <summary>c_σ, for the path of the step size.</summary>
    public double CSigma { get; }

    /// <summary>d_σ, the damping of the step size.</summary>
    public double DSigma { get; }

    /// <summary>c_c, for the path of the covariance.</summary>
    public double CC { get; }

    /// <summary>c_1, for the rank-one update.</summary>
    public double C1 { get; }

    /// <summary>c_μ, for the rank-μ update.</summary>
    public double CMu { get; }

    /// <summary>E‖N(0, I)‖.</summary>
    public double ChiN { get; }

    /// <summary>λ = 4 + ⌊3 ln n⌋, equation 48.</summary>
    public static int DefaultPopulation(int dimensions) => 4 + (int)Math.Floor(3 * Math.Log(dimensions));

    private static double Effective(ReadOnlySpan<double> weights)
    {
        double sum = 0, squares = 0;
        foreach (double weight in weights)
        {
            sum += weight;
            squares += weight * weight;
        }

        return sum * sum / squares;
    }
}
