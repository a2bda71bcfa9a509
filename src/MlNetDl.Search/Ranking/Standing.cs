using MlNetDl.Metrics;

namespace MlNetDl.Search;

/// <summary>How good a finished trial is against others, smaller being better: feasible complete ones by value, then
/// pruned ones by depth and last report, then infeasible ones by violation; of equals the earlier.</summary>
/// <param name="Class">0 complete, 1 pruned, 2 infeasible.</param>
/// <param name="First">The value, minus the deepest step, or the sum of violations.</param>
/// <param name="Second">Of pruned trials the last report.</param>
/// <param name="Number">The trial's number.</param>
internal readonly record struct Standing(int Class, double First, double Second, int Number) : IComparable<Standing>
{
    /// <summary>The standing of a trial; <see langword="null"/> when it failed, because there is then nothing to learn
    /// from it.</summary>
    public static Standing? Of(TrialRecord trial, IReadOnlyList<Goal> goals) => trial switch
    {
        { State: TrialState.Complete, Values.Count: 0 } or { State: not (TrialState.Complete or TrialState.Pruned) } => null,
        { IsFeasible: false } => new(2, Violation(trial), 0, trial.Number),
        { State: TrialState.Complete } => new(0, Loss(trial.Values[0], goals[0]), 0, trial.Number),
        { Reports.Count: 0 } => new(1, double.PositiveInfinity, 0, trial.Number),
        _ => new(1, -(double)trial.Reports[^1].Step, goals.Count == 1 ? Loss(trial.Reports[^1].Value, goals[0]) : 0, trial.Number),
    };

    /// <summary>A value turned so that smaller is better; NaN is as bad as can be.</summary>
    public static double Loss(double value, Goal goal) => double.IsNaN(value) ? double.PositiveInfinity : goal.Loss(value);

    /// <inheritdoc/>
    public int CompareTo(Standing other)
    {
        int order = Class.CompareTo(other.Class);
        order = order != 0 ? order : First.CompareTo(other.First);
        order = order != 0 ? order : Second.CompareTo(other.Second);
        return order != 0 ? order : Number.CompareTo(other.Number);
    }

    /// <summary>By how much a trial violates its constraints in all; 0 when it keeps them, infinite
    /// with a NaN.</summary>
    public static double Violation(TrialRecord trial)
    {
        double sum = 0;
        foreach (double violation in trial.Constraints)
        {
            sum += double.IsNaN(violation) ? double.PositiveInfinity : Math.Max(violation, 0);
        }

        return sum;
    }
}
