namespace MlNetDl.Clustering;

/// <summary>How much nearer rows are to their own cluster than to the next one (Rousseeuw 1987), by Euclidean distance.</summary>
/// <remarks>For a row with the mean distance a to the others of its cluster, and b to those of the nearest other cluster, it is
/// (b − a) / max(a, b): near 1 inside a cluster, 0 between two, below 0 in the wrong one. A row alone in its cluster has 0.</remarks>
public static class Silhouette
{
    /// <summary>The mean over all rows, −1 to 1. The cost grows with the square of the rows.</summary>
    /// <param name="rows">The rows, of one length.</param>
    /// <param name="clusters">The cluster of each row, any numbers.</param>
    /// <exception cref="ArgumentException">There are other than one cluster a row, or fewer than two clusters.</exception>
    public static double Of(IReadOnlyList<float[]> rows, IReadOnlyList<int> clusters) => OfRows(rows, clusters).Average();

    /// <summary>That of each row.</summary>
    /// <param name="rows">The rows, of one length.</param>
    /// <param name="clusters">The cluster of each row, any numbers.</param>
    /// <exception cref="ArgumentException">There are other than one cluster a row, or fewer than two clusters.</exception>
    public static IReadOnlyList<double> OfRows(IReadOnlyList<float[]> rows, IReadOnlyList<int> clusters)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var (own, numbers) = Numbered.Of(rows.Count, clusters);
        if (numbers.Count < 2)
        {
            throw new ArgumentException(
                $"A silhouette compares clusters, but all {rows.Count} rows are in {numbers.Count}; give two or more.", nameof(clusters));
        }

        var sizes = new int[numbers.Count];
        foreach (int cluster in own)
        {
            sizes[cluster]++;
        }

        var sums = new double[rows.Count][];
        for (int i = 0; i < rows.Count; i++)
        {
            sums[i] = new double[numbers.Count];
            for (int j = 0; j < i; j++)
            {
                double distance = Math.Sqrt(Distances.Squared(rows[i], rows[j]));
                sums[i][own[j]] += distance;
                sums[j][own[i]] += distance;
            }
        }

        return [.. sums.Select((s, i) => OfRow(s, own[i], sizes))];
    }

    private static double OfRow(double[] sums, int own, int[] sizes)
    {
        if (sizes[own] == 1)
        {
            return 0;
        }

        double a = sums[own] / (sizes[own] - 1), b = double.PositiveInfinity;
        for (int c = 0; c < sizes.Length; c++)
        {
            b = c == own ? b : Math.Min(b, sums[c] / sizes[c]);
        }

        double larger = Math.Max(a, b);
        return larger == 0 ? 0 : (b - a) / larger;
    }
}
