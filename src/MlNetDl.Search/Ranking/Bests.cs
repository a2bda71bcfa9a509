using MlNetDl.Metrics;

namespace MlNetDl.Search;

/// <summary>The feasible trials that no other beats in all objectives, kept up to date as trials finish.</summary>
internal sealed class Bests
{
    private static readonly object Owner = new();
    private readonly List<(double[] Losses, TrialRecord Trial)> front = [];
    private int read;

    /// <summary>In order of finishing; with one objective only the best.</summary>
    public IEnumerable<TrialRecord> Front => front.Select(f => f.Trial);

    public static Bests Of(History history)
    {
        var bests = history.Cache(Owner, () => new Bests());
        for (; bests.read < history.Finished.Count; bests.read++)
        {
            bests.Add(history.Finished[bests.read], history.Goals);
        }

        return bests;
    }

    private void Add(TrialRecord trial, IReadOnlyList<Goal> goals)
    {
        if (trial.State != TrialState.Complete || !trial.IsFeasible)
        {
            return;
        }

        // With one objective the first of equals stays alone.
        double[] losses = Dominance.Losses(trial, goals);
        if (!front.Exists(f => goals.Count == 1 ? Dominance.Covers(f.Losses, losses) : Dominance.Beats(f.Losses, losses)))
        {
            front.RemoveAll(f => Dominance.Beats(losses, f.Losses));
            front.Add((losses, trial));
        }
    }
}
