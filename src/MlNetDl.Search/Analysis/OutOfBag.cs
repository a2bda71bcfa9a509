namespace MlNetDl.Search.Analysis;

/// <summary>How well a forest predicts examples that its trees have not seen: each example is predicted by the mean of
/// the trees that were grown without it (Breiman 2001, "Random forests").</summary>
/// <param name="rows">The places of all examples.</param>
/// <param name="values">The value of each example.</param>
internal sealed class OutOfBag(double[][] rows, double[] values)
{
    private readonly double[] sums = new double[rows.Length];
    private readonly int[] trees = new int[rows.Length];

    /// <summary>Takes a tree's predictions.</summary>
    /// <param name="leaves">The tree.</param>
    /// <param name="drawn">The examples on which it was grown.</param>
    public void Add(IReadOnlyList<TreeLeaf> leaves, int[] drawn)
    {
        var seen = new bool[rows.Length];
        Array.ForEach(drawn, i => seen[i] = true);
        for (int i = 0; i < rows.Length; i++)
        {
            if (!seen[i])
            {
                sums[i] += leaves.First(l => l.Contains(rows[i])).Value;
                trees[i]++;
            }
        }
    }

    /// <summary>The share of the variance that is predicted: 1 for all of it, 0 or less where the mean predicts as well;
    /// <see langword="null"/> where nothing varies, or every tree has seen all.</summary>
    public double? RSquared()
    {
        int[] judged = [.. Enumerable.Range(0, rows.Length).Where(i => trees[i] > 0)];
        double mean = judged.Select(i => values[i]).DefaultIfEmpty().Average();
        double total = judged.Sum(i => Square(values[i] - mean)), left = judged.Sum(i => Square(values[i] - (sums[i] / trees[i])));
        return total > 0 ? 1 - (left / total) : null;
    }

    private static double Square(double x) => x * x;
}
