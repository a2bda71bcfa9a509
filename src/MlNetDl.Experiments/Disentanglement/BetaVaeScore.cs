namespace MlNetDl.Experiments;

/// <summary>The score of Higgins et al. 2017.</summary>
internal static class BetaVaeScore
{
    // So many points are encoded together.
    private const int Together = 128;

    /// <summary>The accuracy of the classifier on points that it has not learned from.</summary>
    public static double Of(CodeSampler sampler, DisentanglementOptions options, Random random)
    {
        var training = Points(sampler, options, options.Training, random);
        var test = Points(sampler, options, options.Test, random);
        return CodeClassifiers.LogisticRegression(training, test, sampler.Factors.Count, sampler.Stop);
    }

    private static LabelledCodes Points(CodeSampler sampler, DisentanglementOptions options, int count, Random random)
    {
        var (rows, labels) = (new float[count][], new int[count]);
        for (int done = 0; done < count; done += Together)
        {
            Fill(Math.Min(Together, count - done), done);
        }

        return new(rows, labels);

        void Fill(int points, int done)
        {
            int size = options.BatchSize, images = points * size;
            int[] first = sampler.Values(images, random), second = sampler.Values(images, random);
            for (int p = 0; p < points; p++)
            {
                labels[done + p] = random.Next(sampler.Factors.Count);
                for (int i = p * size; i < (p + 1) * size; i++)
                {
                    int place = sampler.PlaceOf(i, labels[done + p]);
                    second[place] = first[place];
                }
            }

            float[] left = sampler.Codes(first, images, out int width), right = sampler.Codes(second, images, out _);
            for (int p = 0; p < points; p++)
            {
                rows[done + p] = Difference(left, right, p * size, size, width);
            }
        }
    }

    private static float[] Difference(float[] left, float[] right, int from, int count, int width)
    {
        var sums = new double[width];
        for (int i = from * width; i < (from + count) * width; i++)
        {
            sums[i % width] += Math.Abs((double)left[i] - right[i]);
        }

        return Array.ConvertAll(sums, s => (float)(s / count));
    }
}
