namespace MlNetDl.Search.Analysis;

/// <summary>A complete trial over one parameter.</summary>
/// <param name="Number">The trial.</param>
/// <param name="X">The parameter's number in it.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsFeasible">Whether it keeps all constraints.</param>
public sealed record SlicePoint(int Number, double X, double Value, bool IsFeasible);

/// <summary>Values over one parameter, whatever the others were.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Objective">The objective.</param>
/// <param name="Points">The complete trials that have the parameter, in order of number; those with NaN
/// are left out.</param>
public sealed record Slice(ParameterAxis Parameter, ObjectiveAxis Objective, IReadOnlyList<SlicePoint> Points) : AnalysisData
{
    /// <summary>The slice of one parameter.</summary>
    /// <param name="history">The study.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="objective">Which objective, from 0.</param>
    /// <exception cref="ArgumentException">The study has no such parameter or objective.</exception>
    public static Slice Of(History history, string parameter, int objective = 0)
    {
        var observations = Observation.Of(history, objective);
        return new(
            ParameterAxis.Of(history, parameter),
            ObjectiveAxis.Of(history, objective),
            [.. observations.Where(o => o.Trial.Numbers.ContainsKey(parameter))
                .Select(o => new SlicePoint(o.Trial.Number, o.Trial.Numbers[parameter], o.Value, o.Trial.IsFeasible))]);
    }

    /// <inheritdoc/>
    public override AnalysisTable ToTable() => new("slice", ["number", Parameter.Column, Objective.Name, "feasible"],
        [.. Points.Select(p => new object?[] { p.Number, Parameter.Cell(p.X), p.Value, p.IsFeasible })])
    { Facts = [.. Objective.Facts] };
}
