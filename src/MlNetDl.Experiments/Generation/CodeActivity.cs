namespace MlNetDl.Experiments;

/// <summary>How much each value of a code says of rows.</summary>
internal sealed record CodeActivity
{
    // Burda et al. 2015, section 5.
    private const double Active = 0.01;

    private CodeActivity(double[] variances, double[]? divergences) => (Variances, Divergences) = (variances, divergences);

    /// <summary>The variance of each value's mean over the rows.</summary>
    public IReadOnlyList<double> Variances { get; }

    /// <summary>The divergence of each value from a standard normal, in nats, the mean over the rows; <see langword="null"/> where the model
    /// learns no variances.</summary>
    public IReadOnlyList<double>? Divergences { get; }

    /// <summary>How many values vary over the rows: those whose mean has a variance above 0.01.</summary>
    public int ActiveValues => Variances.Count(v => v > Active);

    /// <summary>Whether a value is one of them.</summary>
    public bool IsActive(int value) => Variances[value] > Active;

    /// <summary>The values from the most active on, by their divergences, or else by their variances.</summary>
    public IReadOnlyList<int> Order => [.. Enumerable.Range(0, Variances.Count).OrderByDescending(i => (Divergences ?? Variances)[i])];

    /// <summary>The activity of codes.</summary>
    /// <param name="means">Means, row-major.</param>
    /// <param name="logVariances">Logarithms of variances, or nothing.</param>
    /// <param name="latent">Values of a code.</param>
    public static CodeActivity Of(float[] means, float[] logVariances, int latent)
    {
        int rows = means.Length / latent;
        IEnumerable<double> Column(int value) => Enumerable.Range(0, rows).Select(row => (double)means[(row * latent) + value]);
        double Variance(int value)
        {
            double mean = Column(value).Average();
            return Column(value).Average(m => (m - mean) * (m - mean));
        }

        double Divergence(int value) => Enumerable.Range(0, rows).Average(row =>
        {
            double mean = means[(row * latent) + value], log = logVariances[(row * latent) + value];
            return ((mean * mean) + Math.Exp(log) - 1 - log) / 2;
        });
        var values = Enumerable.Range(0, latent);
        return new([.. values.Select(Variance)], logVariances.Length == 0 ? null : [.. values.Select(Divergence)]);
    }
}
