namespace MlNetDl.Search.Analysis;

/// <summary>The reports of a trial.</summary>
/// <param name="Number">The trial.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reports">Its values in order of step; NaN and infinities too.</param>
public sealed record IntermediateCurve(int Number, TrialState State, IReadOnlyList<Report> Reports);

/// <summary>Learning curves: the reports of all trials that made any.</summary>
/// <param name="Objective">The first objective, which reports belong to.</param>
/// <param name="Curves">The trials in order of number.</param>
public sealed record IntermediateValues(ObjectiveAxis Objective, IReadOnlyList<IntermediateCurve> Curves) : AnalysisData
{
    /// <summary>The reports of a study.</summary>
    public static IntermediateValues Of(History history) => new(ObjectiveAxis.Of(history, 0),
        [.. history.Trials.Where(t => t.Reports.Count > 0).Select(t => new IntermediateCurve(t.Number, t.State, [.. t.Reports]))]);

    /// <inheritdoc/>
    public override AnalysisTable ToTable() => new("intermediateValues", ["number", "state", "step", "value"],
        [.. Curves.SelectMany(c => c.Reports.Select(r => new object?[] { c.Number, c.State, r.Step, r.Value }))])
    { Facts = [.. Objective.Facts] };
}
