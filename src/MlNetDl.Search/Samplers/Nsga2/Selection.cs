namespace MlNetDl.Search.Samplers.Nsga2;

/// <summary>The selection of NSGA-II (Deb, Pratap, Agarwal and Meyarivan 2002, "A fast and elitist multiobjective
/// genetic algorithm: NSGA-II").</summary>
internal static class Selection
{
    /// <summary>The best individuals: whole fronts as long as they fit, then the least crowded of the next
    /// front.</summary>
    /// <returns>At most <paramref name="count"/>, with rank and crowding distance; in order of rank, then from the
    /// least to the most crowded.</returns>
    public static List<Individual> Best(IReadOnlyList<Individual> all, int count)
    {
        var best = new List<Individual>();
        var fronts = Fronts(all);
        for (int rank = 0; rank < fronts.Count && best.Count < count; rank++)
        {
            double[] distances = Crowding.Distances(fronts[rank].ConvertAll(i => i.Losses));
            best.AddRange(fronts[rank]
                .Select((individual, i) => individual with { Rank = rank, Crowding = distances[i] })
                .OrderByDescending(i => i.Crowding).ThenBy(i => i.Trial.Number)
                .Take(count - best.Count));
        }

        return best;
    }

    /// <summary>Fast non-dominated sort (III.A): the first front has those that none dominates, the next those that
    /// only earlier fronts dominate, and so on.</summary>
    public static List<List<Individual>> Fronts(IReadOnlyList<Individual> all)
    {
        var dominated = all.Select(_ => new List<int>()).ToArray();
        int[] dominators = new int[all.Count];
        for (int p = 0; p < all.Count; p++)
        {
            for (int q = 0; q < all.Count; q++)
            {
                if (all[p].Dominates(all[q]))
                {
                    dominated[p].Add(q);
                    dominators[q]++;
                }
            }
        }

        var fronts = new List<List<Individual>>();
        var front = Enumerable.Range(0, all.Count).Where(p => dominators[p] == 0).ToList();
        while (front.Count > 0)
        {
            fronts.Add(front.ConvertAll(p => all[p]));
            front = [.. front.SelectMany(p => dominated[p]).Where(q => --dominators[q] == 0)];
        }

        return fronts;
    }
}
