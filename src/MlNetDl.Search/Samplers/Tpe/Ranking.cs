using MlNetDl.Metrics;

namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>The best trials of a study, kept up to date trial by trial at a cost that does not grow
/// with their number.</summary>
internal abstract class Ranking
{
    /// <summary>How many trials it has seen that there was something to learn from.</summary>
    public int Count { get; private set; }

    /// <summary>The ranking that fits a study's objectives.</summary>
    public static Ranking Of(IReadOnlyList<Goal> goals) => goals.Count == 1 ? new ValueRanking(goals) : new ParetoRanking(goals);

    /// <summary>Takes a finished trial in.</summary>
    /// <returns>Whether there was something to learn from it.</returns>
    public bool Add(TrialRecord trial)
    {
        bool taken = Take(trial);
        Count += taken ? 1 : 0;
        return taken;
    }

    /// <summary>The best trials.</summary>
    /// <param name="count">How many, at most <see cref="BestShare.Most"/>.</param>
    public abstract IEnumerable<TrialRecord> Best(int count);

    /// <summary>Whether there was something to learn.</summary>
    protected abstract bool Take(TrialRecord trial);
}

/// <summary>By the value of one objective: the order of <see cref="Standing"/>.</summary>
internal sealed class ValueRanking(IReadOnlyList<Goal> goals) : Ranking
{
    private readonly List<(Standing Standing, TrialRecord Trial)> best = [];

    /// <inheritdoc/>
    public override IEnumerable<TrialRecord> Best(int count) => best.Take(count).Select(b => b.Trial);

    /// <inheritdoc/>
    protected override bool Take(TrialRecord trial)
    {
        if (Standing.Of(trial, goals) is not { } standing)
        {
            return false;
        }

        int at = best.Count;
        while (at > 0 && standing.CompareTo(best[at - 1].Standing) < 0)
        {
            at--;
        }

        if (at < BestShare.Most)
        {
            best.Insert(at, (standing, trial));
            if (best.Count > BestShare.Most)
            {
                best.RemoveAt(BestShare.Most);
            }
        }

        return true;
    }
}
