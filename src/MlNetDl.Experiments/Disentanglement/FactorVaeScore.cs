namespace MlNetDl.Experiments;

/// <summary>The score of Kim and Mnih 2018, arXiv:1802.05983.</summary>
internal static class FactorVaeScore
{
    // So many batches are encoded together.
    private const int Together = 128;

    /// <summary>The accuracy of the vote, or 0 where no dimension varies.</summary>
    public static double Of(CodeSampler sampler, DisentanglementOptions options, Random random)
    {
        var sample = sampler.Draw(options.VariancePoints, random);
        var variances = Enumerable.Range(0, sample.Width).Select(d => Variance(sample.Codes, sample.Width, d, 0, sample.Count)).ToArray();
        int[] used = [.. Enumerable.Range(0, sample.Width)
            .Where(d => variances[d] > 0 && Math.Sqrt(variances[d]) >= options.LeastDeviation)];
        if (used.Length == 0)
        {
            return 0;
        }

        var votes = new int[sample.Width, sampler.Factors.Count];
        foreach (var (dimension, factor) in Points(options.Training))
        {
            votes[dimension, factor]++;
        }

        int[] told = [.. Enumerable.Range(0, sample.Width).Select(d => Enumerable.Range(0, sampler.Factors.Count).MaxBy(f => votes[d, f]))];
        return Points(options.Test).Count(p => told[p.Dimension] == p.Factor) / (double)options.Test;

        IEnumerable<(int Dimension, int Factor)> Points(int count)
        {
            for (int done = 0; done < count; done += Together)
            {
                foreach (var point in Batches(Math.Min(Together, count - done)))
                {
                    yield return point;
                }
            }
        }

        List<(int Dimension, int Factor)> Batches(int count)
        {
            var values = sampler.Values(count * options.BatchSize, random);
            var factors = new int[count];
            for (int b = 0; b < count; b++)
            {
                factors[b] = random.Next(sampler.Factors.Count);
                for (int i = 1; i < options.BatchSize; i++)
                {
                    values[sampler.PlaceOf((b * options.BatchSize) + i, factors[b])] =
                        values[sampler.PlaceOf(b * options.BatchSize, factors[b])];
                }
            }

            var codes = sampler.Codes(values, count * options.BatchSize, out int width);
            return [.. factors.Select((factor, b) => (
                used.MinBy(d => Variance(codes, width, d, b * options.BatchSize, options.BatchSize) / variances[d]), factor))];
        }
    }

    private static double Variance(float[] codes, int width, int dimension, int from, int count)
    {
        double mean = 0, squares = 0;
        for (int i = from; i < from + count; i++)
        {
            double value = codes[(i * width) + dimension], step = value - mean;
            mean += step / (i - from + 1);
            squares += step * (value - mean);
        }

        return squares / (count - 1);
    }
}
