using MlNetDl.Metrics;

namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>By several objectives: front by front (trials that no other beats, then those that only the front before
/// beats, …), within a front those in the emptiest neighbourhoods first.</summary>
/// <remarks>Non-domination rank and crowding distance of Deb et al. 2002, "A fast and elitist multiobjective genetic
/// algorithm: NSGA-II", III. Only the best 100 to 200 of the complete, feasible trials are kept. Pruned and infeasible
/// ones come after them.</remarks>
internal sealed class ParetoRanking(IReadOnlyList<Goal> goals) : Ranking
{
    private const int Kept = 4 * BestShare.Most;
    private readonly ValueRanking others = new(goals);
    private List<(double[] Losses, TrialRecord Trial)> complete = [];

    /// <inheritdoc/>
    public override IEnumerable<TrialRecord> Best(int count) =>
        BestComplete(count).Select(b => b.Trial).Concat(others.Best(count)).Take(count);

    /// <inheritdoc/>
    protected override bool Take(TrialRecord trial)
    {
        if (Standing.Of(trial, goals) is not { } standing)
        {
            return false;
        }

        if (standing.Class != 0)
        {
            others.Add(trial);
            return true;
        }

        complete.Add((Dominance.Losses(trial, goals), trial));
        if (complete.Count > 2 * Kept)
        {
            complete = BestComplete(Kept);
        }

        return true;
    }

    private List<(double[] Losses, TrialRecord Trial)> BestComplete(int count)
    {
        var chosen = new List<(double[] Losses, TrialRecord Trial)>();
        var rest = complete;
        while (chosen.Count < count && rest.Count > 0)
        {
            var left = rest;
            var front = left.FindAll(a => !left.Exists(b => Dominance.Beats(b.Losses, a.Losses)));
            rest = left.Except(front).ToList();
            chosen.AddRange(front.Count <= count - chosen.Count ? front : Emptiest(front).Take(count - chosen.Count));
        }

        return chosen;
    }

    private static IEnumerable<(double[] Losses, TrialRecord Trial)> Emptiest(List<(double[] Losses, TrialRecord Trial)> front)
    {
        var inOrder = front.OrderBy(f => f.Trial.Number).ToList();
        double[] distances = Crowding.Distances(inOrder.ConvertAll(f => f.Losses));
        return inOrder.Index().OrderByDescending(f => distances[f.Index]).Select(f => f.Item);
    }
}
