namespace MlNetDl.Search.Analysis;

/// <summary>A complete trial in the course of a study.</summary>
/// <param name="Number">The trial.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsFeasible">Whether it keeps all constraints.</param>
/// <param name="Best">The best feasible value of the trials up to this one; <see langword="null"/>
/// before the first.</param>
public sealed record HistoryPoint(int Number, double Value, bool IsFeasible, double? Best)
{
    /// <summary>What proposed the trial, such as <c>tpe</c>, <c>random</c> or <c>enqueued</c>; <see langword="null"/> where that
    /// is not known.</summary>
    public string? ProposedBy { get; init; }
}

/// <summary>How values came down (or up): the value of each complete trial and the best so far, in
/// order of number.</summary>
/// <param name="Objective">The objective.</param>
/// <param name="Points">The complete trials; those with NaN are left out.</param>
public sealed record OptimizationHistory(ObjectiveAxis Objective, IReadOnlyList<HistoryPoint> Points) : AnalysisData
{
    /// <summary>The history of one objective.</summary>
    /// <param name="history">The study.</param>
    /// <param name="objective">Which objective, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The study has no such objective.</exception>
    public static OptimizationHistory Of(History history, int objective = 0)
    {
        var observations = Observation.Of(history, objective);
        var axis = ObjectiveAxis.Of(history, objective);
        var points = new List<HistoryPoint>(observations.Count);
        double? best = null;
        foreach (var (trial, value) in observations)
        {
            if (trial.IsFeasible && (best is not { } so || axis.IsBetter(value, so)))
            {
                best = value;
            }

            points.Add(new(trial.Number, value, trial.IsFeasible, best) { ProposedBy = trial.ProposedBy });
        }

        return new(axis, points);
    }

    /// <inheritdoc/>
    public override AnalysisTable ToTable() => new("optimizationHistory", ["number", Objective.Name, "feasible", "best"],
        [.. Points.Select(p => new object?[] { p.Number, p.Value, p.IsFeasible, p.Best })])
    { Facts = [.. Objective.Facts] };
}
