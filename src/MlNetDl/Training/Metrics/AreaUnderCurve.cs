namespace MlNetDl.Training.Metrics;

/// <summary>Area under the ROC curve by ranks: the share of pairs of a positive and a negative in which the positive scores higher; equal scores count half (Mann and Whitney 1947).</summary>
/// <remarks>Needs all scores at once, 5 bytes an example; so it is a figure of validation and not of a running epoch.</remarks>
public sealed class AreaUnderCurve
{
    private readonly List<float> scores = [];
    private readonly List<bool> positives = [];

    /// <summary>The area, 0 to 1; NaN with one class only, or when a score is NaN.</summary>
    public double Value
    {
        get
        {
            var (keys, truths) = (scores.ToArray(), positives.ToArray());
            Array.Sort(keys, truths);
            double positive = truths.LongCount(t => t), negative = truths.Length - positive;
            // Array.Sort puts NaN first.
            return positive > 0 && negative > 0 && !float.IsNaN(keys[0]) ? Pairs(keys, truths) / (positive * negative) : double.NaN;
        }
    }

    /// <summary>Adds the scores of a batch.</summary>
    /// <param name="batch">Scores, the higher the more likely yes.</param>
    /// <param name="targets">0 and 1.</param>
    public void Add(ReadOnlySpan<float> batch, ReadOnlySpan<float> targets)
    {
        scores.AddRange(batch);
        foreach (float target in targets)
        {
            positives.Add(target > 0.5f);
        }
    }

    private static double Pairs(float[] keys, bool[] truths)
    {
        double below = 0, pairs = 0;
        for (int start = 0, end; start < keys.Length; start = end)
        {
            double yes = 0;
            for (end = start; end < keys.Length && keys[end] == keys[start]; end++)
            {
                yes += truths[end] ? 1 : 0;
            }

            double no = end - start - yes;
            pairs += yes * (below + (no / 2));
            below += no;
        }

        return pairs;
    }
}
