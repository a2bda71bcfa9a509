namespace MlNetDl.Clustering;

/// <summary>Distances in double precision.</summary>
internal static class Distances
{
    /// <summary>The square of the Euclidean distance.</summary>
    public static double Squared(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            sum += difference * difference;
        }

        return sum;
    }

    /// <summary>The sum of the squared distances of rows to their nearest centre.</summary>
    public static double Inertia(IReadOnlyList<float[]> rows, IReadOnlyList<float[]> centers) =>
        rows.Sum(r => centers.Min(c => Squared(r, c)));

    /// <summary>The number of the centre nearest to each row.</summary>
    public static IReadOnlyList<int> Nearest(IReadOnlyList<float[]> rows, IReadOnlyList<float[]> centers) =>
        [.. rows.Select(r => centers.Index().MinBy(c => Squared(r, c.Item)).Index)];

    /// <summary>The sum of the squared distances of rows to the mean of their cluster.</summary>
    public static double Inertia(IReadOnlyList<float[]> rows, IReadOnlyList<int> clusters, int count)
    {
        int width = rows.Count == 0 ? 0 : rows[0].Length;
        var (means, sizes) = (new double[count][], new int[count]);
        foreach (var (i, row) in rows.Index())
        {
            var mean = means[clusters[i]] ??= new double[width];
            // Welford's update needs no second pass and cancels nothing.
            double size = ++sizes[clusters[i]];
            for (int j = 0; j < width; j++)
            {
                mean[j] += (row[j] - mean[j]) / size;
            }
        }

        return rows.Select((row, i) => row.Select((v, j) => Math.Pow(v - means[clusters[i]][j], 2)).Sum()).Sum();
    }
}
