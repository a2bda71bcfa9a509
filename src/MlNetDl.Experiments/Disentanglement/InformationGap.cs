namespace MlNetDl.Experiments;

/// <summary>Mutual information of dimensions and factors, and its gap.</summary>
internal static class InformationGap
{
    /// <summary>The mutual information in nats, by dimension and factor.</summary>
    public static double[][] Information(CodeSample sample, int bins) => [.. Enumerable.Range(0, sample.Width).Select(d =>
    {
        var binned = Binned(sample.Column(d), bins);
        return sample.Labels.Select((labels, f) => Information(binned, bins, labels, sample.Factors[f].Size)).ToArray();
    })];

    /// <summary>The entropies of the factors in nats.</summary>
    public static double[] Entropies(CodeSample sample) => [.. sample.Labels.Select(labels => labels.CountBy(l => l)
        .Sum(c => -(double)c.Value / labels.Length * Math.Log((double)c.Value / labels.Length)))];

    /// <summary>The mean over factors of the gap between the two largest values, divided by the entropy. With one dimension
    /// the second value is 0.</summary>
    public static double Gap(double[][] information, double[] entropies) => entropies.Select((entropy, f) =>
    {
        double[] largest = [.. information.Select(row => row[f]).OrderDescending().Take(2), 0];
        return entropy > 0 ? (largest[0] - largest[1]) / entropy : 0;
    }).Average();

    /// <summary>The bin of each value: bins have one width and reach from the least to the largest value.</summary>
    private static int[] Binned(float[] values, int bins)
    {
        double least = values.Min(), range = values.Max() - least;
        return Array.ConvertAll(values, v => range > 0 ? Math.Min(bins - 1, (int)((v - least) / range * bins)) : 0);
    }

    private static double Information(int[] first, int firstSize, int[] second, int secondSize)
    {
        var counts = new double[firstSize, secondSize];
        double[] firstCounts = new double[firstSize], secondCounts = new double[secondSize];
        for (int i = 0; i < first.Length; i++)
        {
            counts[first[i], second[i]]++;
            firstCounts[first[i]]++;
            secondCounts[second[i]]++;
        }

        double sum = 0;
        for (int a = 0; a < firstSize; a++)
        {
            for (int b = 0; b < secondSize; b++)
            {
                sum += counts[a, b] > 0
                    ? counts[a, b] * Math.Log(counts[a, b] * first.Length / (firstCounts[a] * secondCounts[b]))
                    : 0;
            }
        }

        return Math.Max(0, sum / first.Length);
    }
}
