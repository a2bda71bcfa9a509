namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>The deviations of normal kernels on the unit interval: each the larger gap to a neighbour.</summary>
/// <remarks>Bergstra et al. 2011, "Algorithms for hyper-parameter optimization", 4.2, with the bounds of
/// hyperopt and Optuna.</remarks>
internal static class Bandwidths
{
    /// <summary>The deviations of kernels with these means, and of the prior, which stands last: mean
    /// ½, deviation 1.</summary>
    /// <param name="means">n means and the prior's.</param>
    /// <returns>n + 1 deviations.</returns>
    public static double[] Of(double[] means)
    {
        int last = means.Length - 1;
        var deviations = new double[means.Length];
        var sorted = (double[])means.Clone();
        var order = new int[means.Length];
        for (int i = 0; i <= last; i++)
        {
            order[i] = i;
        }

        Array.Sort(sorted, order);

        // "Magic clip": no narrower than a share of the range that falls with the number of kernels
        // down to a hundredth.
        double narrowest = 1.0 / Math.Min(100, 1 + means.Length);
        for (int i = 0; i <= last; i++)
        {
            // The ends of the range are no neighbours: the outermost kernels have one.
            double left = i > 0 ? sorted[i] - sorted[i - 1] : 0, right = i < last ? sorted[i + 1] - sorted[i] : 0;
            deviations[order[i]] = Math.Clamp(Math.Max(left, right), narrowest, 1);
        }

        deviations[last] = 1;
        return deviations;
    }
}
