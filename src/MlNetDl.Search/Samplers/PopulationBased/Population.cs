namespace MlNetDl.Search.Samplers.PopulationBased;

/// <summary>The generations of a study: trials of equal length, a fixed number in order of trial.</summary>
/// <param name="history">The study.</param>
/// <param name="size">The trials of a generation.</param>
/// <param name="generations">How many generations back a parent may be.</param>
/// <param name="quantile">The share of a generation that is given up, and the share that is the best.</param>
internal sealed class Population(History history, int size, int generations, double quantile)
{
    /// <summary>How many trials before a trial its parent is: <c>size</c> for the predecessor, 0 for none.</summary>
    public int ParentOf(int trial, TrialRandom random)
    {
        var ranked = Ranked(trial / size);
        if (ranked.Count == 0)
        {
            return 0;
        }

        int predecessor = trial - size, few = Math.Max(1, (int)(quantile * ranked.Count));
        int place = ranked.IndexOf(predecessor);
        bool goesOn = place >= 0 && (place < ranked.Count - few || ranked.Count == 1);
        return trial - (goesOn ? predecessor : ranked[random.Next(few)]);
    }

    /// <summary>The complete trials of the latest generation before one that has any, the best first.</summary>
    private List<int> Ranked(int generation)
    {
        for (int earlier = generation - 1; earlier >= Math.Max(0, generation - generations); earlier--)
        {
            var complete = history.Trials.Skip(earlier * size).Take(size)
                .Where(t => t.State == TrialState.Complete)
                .Select(t => Standing.Of(t, history.Goals)).OfType<Standing>()
                .Order().Select(s => s.Number).ToList();
            if (complete.Count > 0)
            {
                return complete;
            }
        }

        return [];
    }
}
