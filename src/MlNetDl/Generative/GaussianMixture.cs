namespace MlNetDl.Generative;

/// <summary>A mixture of normal distributions, fitted to rows by expectation–maximisation (Dempster, Laird and Rubin 1977) in double
/// precision. Fitted to codes of an autoencoder it tells where codes are, which a prior only hopes for (Ghosh et al. 2020,
/// arXiv:1903.12436).</summary>
public sealed class GaussianMixture
{
    private readonly GaussianComponent[] components;
    private readonly double[] weights;

    internal GaussianMixture(GaussianComponent[] components, double[] weights, IReadOnlyList<double> objectives, double logLikelihood)
    {
        (this.components, this.weights, Objectives, LogLikelihood) = (components, weights, objectives, logLikelihood);
    }

    /// <summary>Values of a row.</summary>
    public int Size => components[0].Mean.Count;

    /// <summary>The share of each component; together 1.</summary>
    public IReadOnlyList<double> Weights => weights;

    /// <summary>The mean of each component.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Means => [.. components.Select(c => c.Mean)];

    /// <summary>The mean log-likelihood of the rows that it was fitted to, in nats a row.</summary>
    public double LogLikelihood { get; }

    /// <summary>The objective after each iteration: the mean log-likelihood of a row less a small penalty that keeps variances from
    /// becoming 0. It never falls.</summary>
    public IReadOnlyList<double> Objectives { get; }

    /// <summary>Fits a mixture to rows.</summary>
    /// <param name="rows">Finite rows of one length.</param>
    /// <param name="options">The settings; the defaults where <see langword="null"/>.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, a value is not finite, or there are fewer different rows than
    /// components.</exception>
    public static GaussianMixture Fit(IReadOnlyList<float[]> rows, MixtureOptions? options = null, CancellationToken stop = default) =>
        new MixtureFit(rows, options ?? new()).Run(stop);

    /// <summary>log p(row), in nats.</summary>
    /// <param name="row">A row of <see cref="Size"/> values.</param>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    public double LogDensity(IReadOnlyList<float> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Count != Size)
        {
            throw new ArgumentException($"The mixture is of rows of {Size} values, but the row has {row.Count}.", nameof(row));
        }

        double[] values = [.. row.Select(v => (double)v)];
        var terms = new double[components.Length];
        return LogTerms(values, terms, new double[Size]);
    }

    /// <summary>Draws rows, row-major.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="random">Where numbers come from; the same seed gives the same rows everywhere.</param>
    public float[] Sample(int count, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var rows = new float[checked(count * Size)];
        for (int row = 0; row < count; row++)
        {
            double rest = random.NextDouble();
            int chosen = Array.FindIndex(weights, w => (rest -= w) < 0);
            // Rounding may leave the shares a little below 1.
            var component = components[chosen < 0 ? Array.IndexOf(weights, weights.Max()) : chosen];
            component.Place(Gauss.Draw(Size, random), rows.AsSpan(row * Size, Size));
        }

        return rows;
    }

    /// <summary>log p(row); its parts by component become their shares of the row.</summary>
    internal double LogTerms(ReadOnlySpan<double> row, Span<double> shares, Span<double> scratch)
    {
        double most = double.NegativeInfinity, sum = 0;
        for (int k = 0; k < components.Length; k++)
        {
            shares[k] = weights[k] > 0 ? Math.Log(weights[k]) + components[k].LogDensity(row, scratch) : double.NegativeInfinity;
            most = Math.Max(most, shares[k]);
        }

        for (int k = 0; k < components.Length; k++)
        {
            sum += shares[k] = Math.Exp(shares[k] - most);
        }

        for (int k = 0; k < components.Length; k++)
        {
            shares[k] /= sum;
        }

        return most + Math.Log(sum);
    }
}
