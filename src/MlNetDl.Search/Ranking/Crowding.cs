namespace MlNetDl.Search;

/// <summary>How much room points of a front have around them (Deb, Pratap, Agarwal and Meyarivan 2002, "A fast and
/// elitist multiobjective genetic algorithm: NSGA-II").</summary>
internal static class Crowding
{
    /// <summary>Crowding distances of a front (Deb et al. 2002, III.B): over objectives the sum of the gaps between the
    /// two neighbours, as shares of the objective's range; infinite at the ends.</summary>
    /// <remarks>Between equal losses the earlier point comes first. Gaps that are no numbers, between infinite values,
    /// count as none.</remarks>
    public static double[] Distances(IReadOnlyList<double[]> front)
    {
        double[] distances = new double[front.Count];
        for (int m = 0; m < front[0].Length; m++)
        {
            double Loss(int i) => front[i][m];
            int[] order = [.. Enumerable.Range(0, front.Count).OrderBy(Loss)];
            double range = Loss(order[^1]) - Loss(order[0]);
            if (!(range > 0))
            {
                continue;
            }

            distances[order[0]] = distances[order[^1]] = double.PositiveInfinity;
            for (int i = 1; i < order.Length - 1; i++)
            {
                double share = (Loss(order[i + 1]) - Loss(order[i - 1])) / range;
                distances[order[i]] += double.IsNaN(share) ? 0 : share;
            }
        }

        return distances;
    }
}
