namespace MlNetDl.Experiments;

/// <summary>The score of Kumar, Sattigeri and Balakrishnan 2018, arXiv:1711.00848.</summary>
internal static class AttributeGap
{
    /// <summary>The mean over factors of the gap between the two dimensions that foretell it best.</summary>
    public static double Of(CodeSampler sampler, DisentanglementOptions options, Random random)
    {
        CodeSample training = sampler.Draw(options.Training, random), test = sampler.Draw(options.Test, random);
        return Enumerable.Range(0, sampler.Factors.Count).Average(f =>
        {
            bool classes = !sampler.Factors[f].Ordered || options.ClassifyOrdered;
            double[] best = [.. Enumerable.Range(0, training.Width)
                .Select(d => classes ? Accuracy(training, test, d, f, options, sampler.Stop) : SquaredCorrelation(training, d, f))
                .OrderDescending()];
            return best.Length > 1 ? best[0] - best[1] : best[0] - (classes ? MostFrequent(training, test, f) : 0);
        });
    }

    private static double Accuracy(
        CodeSample training, CodeSample test, int dimension, int factor, DisentanglementOptions options, CancellationToken stop) =>
        CodeClassifiers.SupportVectors(
            Single(training, dimension, factor), Single(test, dimension, factor), training.Factors[factor].Size, options.SvmWeight, stop);

    private static LabelledCodes Single(CodeSample sample, int dimension, int factor) =>
        new(Array.ConvertAll(sample.Column(dimension), v => new[] { v }), sample.Labels[factor]);

    // The accuracy of somebody who sees no code and always tells the most frequent value.
    private static double MostFrequent(CodeSample training, CodeSample test, int factor)
    {
        int told = training.Labels[factor].CountBy(l => l).OrderBy(c => c.Key).MaxBy(c => c.Value).Key;
        return test.Labels[factor].Average(l => l == told ? 1.0 : 0);
    }

    private static double SquaredCorrelation(CodeSample sample, int dimension, int factor)
    {
        var (codes, labels) = (sample.Column(dimension), sample.Labels[factor]);
        double codeMean = codes.Average(c => (double)c), labelMean = labels.Average(), both = 0, code = 0, label = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            double a = codes[i] - codeMean, b = labels[i] - labelMean;
            (both, code, label) = (both + (a * b), code + (a * a), label + (b * b));
        }

        return code > 0 && label > 0 ? both * both / (code * label) : 0;
    }
}
