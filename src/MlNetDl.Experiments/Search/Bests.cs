namespace MlNetDl.Experiments.Search;

/// <summary>The feasible trials that no other beats in all objectives, kept up to date as trials finish.</summary>
internal sealed class Bests
{
    private static readonly object Owner = new();
    private int read;

    /// <summary>In order of finishing; with one objective only the best.</summary>
    public List<TrialRecord> Front { get; } = [];

    public static Bests Of(History history)
    {
        var bests = history.Cache(Owner, () => new Bests());
        for (; bests.read < history.Finished.Count; bests.read++)
        {
            bests.Add(history.Finished[bests.read], history.Directions);
        }

        return bests;
    }

    private void Add(TrialRecord trial, IReadOnlyList<Direction> directions)
    {
        if (trial.State != TrialState.Complete || !trial.IsFeasible || Front.Exists(f => Beats(f, trial, directions, orEquals: directions.Count == 1)))
        {
            return;
        }

        Front.RemoveAll(f => Beats(trial, f, directions, orEquals: false));
        Front.Add(trial);
    }

    // Nowhere worse, and somewhere better.
    private static bool Beats(TrialRecord a, TrialRecord b, IReadOnlyList<Direction> directions, bool orEquals)
    {
        bool better = orEquals;
        for (int i = 0; i < directions.Count; i++)
        {
            int order = directions[i] == Direction.Minimize ? a.Values[i].CompareTo(b.Values[i]) : b.Values[i].CompareTo(a.Values[i]);
            if (order > 0)
            {
                return false;
            }

            better |= order < 0;
        }

        return better;
    }
}
