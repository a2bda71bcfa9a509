using MlNetDl.Metrics;

namespace MlNetDl.Search.Samplers.Nsga2;

/// <summary>A complete trial as NSGA-II sees it.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Losses">Its values, smaller is better.</param>
/// <param name="Violation">By how much it violates constraints in all; 0 when feasible.</param>
internal sealed record Individual(TrialRecord Trial, double[] Losses, double Violation)
{
    /// <summary>The number of its front, from 0 for the best; given by the selection.</summary>
    public int Rank { get; init; }

    /// <summary>How far apart its neighbours in the front lie; given by the selection.</summary>
    public double Crowding { get; init; }

    public static Individual Of(TrialRecord trial, IReadOnlyList<Goal> goals) =>
        new(trial, Dominance.Losses(trial, goals), Standing.Violation(trial));

    /// <summary>Constrained domination, Deb et al. 2002, definition 1: less violation, or both feasible and nowhere
    /// worse and somewhere better.</summary>
    public bool Dominates(Individual other)
    {
        if (Violation > 0 || other.Violation > 0)
        {
            return Violation < other.Violation;
        }

        return Dominance.Beats(Losses, other.Losses);
    }

    /// <summary>The crowded comparison ≺_n, Deb et al. 2002, III.B: a better front, or in the same one a
    /// less crowded place.</summary>
    public bool Beats(Individual other) => Rank != other.Rank ? Rank < other.Rank : Crowding > other.Crowding;
}
