namespace MlNetDl.Search.Statistics;

/// <summary>Percentiles of sorted numbers.</summary>
public static class Percentile
{
    /// <summary>A percentile, linear between neighbours (as numpy's default).</summary>
    /// <param name="ascending">The numbers, sorted; one or more.</param>
    /// <param name="percent">0 to 100: the least to the greatest.</param>
    public static double Of(IReadOnlyList<double> ascending, double percent)
    {
        double at = percent / 100 * (ascending.Count - 1);
        int below = (int)Math.Floor(at);
        double share = at - below;
        return share == 0 ? ascending[below] : ascending[below] + (share * (ascending[below + 1] - ascending[below]));
    }
}
