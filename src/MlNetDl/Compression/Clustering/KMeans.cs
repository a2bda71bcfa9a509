namespace MlNetDl.Compression;

/// <summary>Lloyd's k-means of numbers on a line, in double precision and with the same result each time.</summary>
internal static class KMeans
{
    // Each round lowers the squared error, so it ends by itself; on a line after some dozens.
    private const int MostRounds = 1000;

    /// <summary>The means, ascending; fewer than asked for where some have no value near them.</summary>
    /// <param name="values">The values.</param>
    /// <param name="count">How many means there are at most, 1 or more.</param>
    /// <param name="start">The first means.</param>
    /// <param name="random">Draws them where they are drawn.</param>
    public static double[] Of(ReadOnlySpan<float> values, int count, CodebookStart start, Random random)
    {
        double[] sorted = Array.ConvertAll(values.ToArray(), v => (double)v);
        Array.Sort(sorted);
        var sums = new double[sorted.Length + 1];
        for (int i = 0; i < sorted.Length; i++)
        {
            sums[i + 1] = sums[i] + sorted[i];
        }

        double[] means = [.. First(sorted, count, start, random).Distinct().Order()];
        int[] ends = Ends(sorted, means);
        for (int round = 0; round < MostRounds; round++)
        {
            for (int k = 0, from = 0; k < means.Length; from = ends[k++])
            {
                // One without values waits where it is.
                means[k] = ends[k] > from ? (sums[ends[k]] - sums[from]) / (ends[k] - from) : means[k];
            }

            int[] next = Ends(sorted, means);
            if (next.AsSpan().SequenceEqual(ends))
            {
                break;
            }

            ends = next;
        }

        return [.. means.Where((_, k) => ends[k] > (k == 0 ? 0 : ends[k - 1]))];
    }

    /// <summary>The mean nearest to a value; of two as near the lower.</summary>
    /// <param name="means">The means, ascending.</param>
    /// <param name="value">The value.</param>
    public static double Nearest(ReadOnlySpan<double> means, double value)
    {
        int at = means.BinarySearch(value);
        if (at >= 0)
        {
            return value;
        }

        at = ~at;
        return at == means.Length || (at > 0 && value - means[at - 1] <= means[at] - value) ? means[at - 1] : means[at];
    }

    private static IEnumerable<double> First(double[] sorted, int count, CodebookStart start, Random random) => start switch
    {
        CodebookStart.Linear => Enumerable.Range(0, count)
            .Select(i => count == 1 ? (sorted[0] + sorted[^1]) / 2 : sorted[0] + ((sorted[^1] - sorted[0]) * i / (count - 1))),
        CodebookStart.Quantiles => Enumerable.Range(0, count).Select(i => sorted[(int)((i + 0.5) / count * sorted.Length)]),
        _ => Drawn([.. sorted.Distinct()], count, random),
    };

    private static IEnumerable<double> Drawn(double[] different, int count, Random random)
    {
        random.Shuffle(different);
        return different.Take(count);
    }

    // Where the values of each mean end: at the middle between it and the next.
    private static int[] Ends(double[] sorted, double[] means)
    {
        var ends = new int[means.Length];
        int at = 0;
        for (int k = 0; k < means.Length; k++)
        {
            double end = k + 1 < means.Length ? (means[k] + means[k + 1]) / 2 : double.PositiveInfinity;
            while (at < sorted.Length && sorted[at] <= end)
            {
                at++;
            }

            ends[k] = at;
        }

        return ends;
    }
}
