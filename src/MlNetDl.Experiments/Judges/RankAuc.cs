namespace MlNetDl.Experiments;

/// <summary>The area under the curve of receiver operating characteristics, by ranks.</summary>
internal static class RankAuc
{
    /// <summary>The chance that a number of the second list is greater than one of the first; ties count half (Mann and Whitney 1947).</summary>
    public static double Of(IReadOnlyList<double> low, IReadOnlyList<double> high)
    {
        var sorted = low.Order().ToArray();
        double sum = 0;
        foreach (double value in high)
        {
            int below = Bound(sorted, value, inclusive: false);
            sum += below + ((Bound(sorted, value, inclusive: true) - below) / 2.0);
        }

        return sum / ((double)low.Count * high.Count);
    }

    // How many are below the value, or not above it.
    private static int Bound(double[] sorted, double value, bool inclusive)
    {
        var (first, end) = (0, sorted.Length);
        while (first < end)
        {
            int middle = (first + end) / 2;
            bool isBefore = inclusive ? sorted[middle] <= value : sorted[middle] < value;
            (first, end) = isBefore ? (middle + 1, end) : (first, middle);
        }

        return first;
    }
}
