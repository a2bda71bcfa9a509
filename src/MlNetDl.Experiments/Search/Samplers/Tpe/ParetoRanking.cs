namespace MlNetDl.Experiments.Search.Samplers.Tpe;

/// <summary>By several objectives: front by front (trials that no other beats, then those that only the front before beats, …), within a front those in the emptiest neighbourhoods first.</summary>
/// <remarks>Non-domination rank and crowding distance of Deb et al. 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II", III. Of the complete, feasible trials only the best 100 to 200 are kept; pruned and infeasible ones come after them.</remarks>
internal sealed class ParetoRanking(IReadOnlyList<Direction> directions) : Ranking
{
    private const int Kept = 4 * BestShare.Most;
    private readonly ValueRanking others = new(directions);
    private List<(double[] Losses, TrialRecord Trial)> complete = [];

    /// <inheritdoc/>
    public override IEnumerable<TrialRecord> Best(int count) => BestComplete(count).Select(b => b.Trial).Concat(others.Best(count)).Take(count);

    /// <inheritdoc/>
    protected override bool Take(TrialRecord trial)
    {
        if (Standing.Of(trial, directions) is not { } standing)
        {
            return false;
        }

        if (standing.Class != 0)
        {
            others.Add(trial);
            return true;
        }

        complete.Add(([.. trial.Values.Zip(directions, Standing.Loss)], trial));
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
            var front = left.FindAll(a => !left.Exists(b => Beats(b.Losses, a.Losses)));
            rest = left.Except(front).ToList();
            chosen.AddRange(front.Count <= count - chosen.Count ? front : Emptiest(front).Take(count - chosen.Count));
        }

        return chosen;
    }

    // Nowhere worse, and somewhere better.
    private static bool Beats(double[] a, double[] b)
    {
        bool better = false;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] > b[i])
            {
                return false;
            }

            better |= a[i] < b[i];
        }

        return better;
    }

    private static IEnumerable<(double[] Losses, TrialRecord Trial)> Emptiest(List<(double[] Losses, TrialRecord Trial)> front)
    {
        var room = front.ToDictionary(f => f.Trial.Number, _ => 0.0);
        for (int objective = 0; objective < front[0].Losses.Length; objective++)
        {
            var sorted = front.OrderBy(f => f.Losses[objective]).ThenBy(f => f.Trial.Number).ToList();
            double range = sorted[^1].Losses[objective] - sorted[0].Losses[objective];
            room[sorted[0].Trial.Number] = room[sorted[^1].Trial.Number] = double.PositiveInfinity;
            for (int i = 1; i < sorted.Count - 1 && range > 0 && double.IsFinite(range); i++)
            {
                room[sorted[i].Trial.Number] += (sorted[i + 1].Losses[objective] - sorted[i - 1].Losses[objective]) / range;
            }
        }

        return front.OrderByDescending(f => room[f.Trial.Number]).ThenBy(f => f.Trial.Number);
    }
}
