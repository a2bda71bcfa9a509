namespace MlNetDl.Experiments.Search.Samplers;

/// <summary>Trials with one objective from the best to the worst: complete ones by value, then pruned ones (those that came furthest first, then by their last report), then infeasible ones by how much they violate constraints. Equals by number.</summary>
internal sealed class TrialOrder(Direction direction) : IComparer<TrialRecord>
{
    private enum Kind
    {
        Complete,
        Pruned,
        Infeasible,
    }

    /// <summary>Whether a trial has a place in the order: it finished and did not fail.</summary>
    public static bool Has(TrialRecord trial) => trial.State is TrialState.Complete or TrialState.Pruned;

    /// <summary>By how much a trial violates its constraints in all; 0 when it keeps them, infinite with a NaN.</summary>
    public static double Violation(TrialRecord trial)
    {
        double sum = 0;
        foreach (double violation in trial.Constraints)
        {
            sum += double.IsNaN(violation) ? double.PositiveInfinity : Math.Max(violation, 0);
        }

        return sum;
    }

    /// <inheritdoc/>
    public int Compare(TrialRecord? x, TrialRecord? y)
    {
        var kind = KindOf(x!);
        int order = kind.CompareTo(KindOf(y!));
        if (order == 0)
        {
            order = kind switch
            {
                Kind.Infeasible => Violation(x!).CompareTo(Violation(y!)),
                Kind.Complete => Loss(x!).CompareTo(Loss(y!)),
                _ => ByProgress(x!, y!),
            };
        }

        return order == 0 ? x!.Number.CompareTo(y!.Number) : order;
    }

    private static Kind KindOf(TrialRecord trial) => !trial.IsFeasible ? Kind.Infeasible : trial.State == TrialState.Complete ? Kind.Complete : Kind.Pruned;

    private static long Step(TrialRecord trial) => trial.Reports.Count > 0 ? trial.Reports[^1].Step : -1;

    private int ByProgress(TrialRecord x, TrialRecord y)
    {
        int order = Step(y).CompareTo(Step(x));
        return order == 0 ? Loss(x).CompareTo(Loss(y)) : order;
    }

    // NaN is worse than any value.
    private double Loss(TrialRecord trial)
    {
        double value = trial.Values.Count > 0 ? trial.Values[0] : trial.Reports.Count > 0 ? trial.Reports[^1].Value : double.NaN;
        return double.IsNaN(value) ? double.PositiveInfinity : direction == Direction.Minimize ? value : -value;
    }
}
