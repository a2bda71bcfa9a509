namespace MlNetDl.Search.Statistics;

/// <summary>Holm's correction (Holm 1979, "A simple sequentially rejective multiple test procedure"): several tests at
/// once, and still at most the stated chance that any of them errs. Never worse than Bonferroni's.</summary>
public static class Holm
{
    /// <summary>p values corrected for how many they are, in the order given.</summary>
    /// <param name="pValues">One for each test, 0 to 1.</param>
    /// <exception cref="ArgumentException">One is not within 0 to 1.</exception>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        var adjusted = new double[pValues.Count];
        double floor = 0;
        foreach (var (rank, index) in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).Index())
        {
            double p = pValues[index];
            if (!(p >= 0 && p <= 1))
            {
                throw new ArgumentException(FormattableString.Invariant($"p value {index} must be 0 to 1 but is {p}."), nameof(pValues));
            }

            adjusted[index] = floor = Math.Max(floor, Math.Min(1, p * (pValues.Count - rank)));
        }

        return adjusted;
    }
}
