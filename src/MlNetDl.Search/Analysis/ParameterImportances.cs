namespace MlNetDl.Search.Analysis;

/// <summary>How much a parameter matters.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Importance">Its share of all importance, 0 to 1.</param>
/// <param name="VarianceShare">The share of the objective's variance over the space that the parameter alone explains,
/// 0 to 1; <see langword="null"/> where the method does not say.</param>
/// <param name="Trials">How many trials it was judged by.</param>
public sealed record ParameterImportance(string Parameter, double Importance, double? VarianceShare, int Trials);

/// <summary>How much each parameter matters for an objective.</summary>
/// <param name="Method">The method.</param>
/// <param name="Objective">The objective.</param>
/// <param name="Importances">The parameters, the most important first. Importances sum to 1. All are 0 where the trials
/// do not determine them, and <paramref name="Notes"/> say why.</param>
/// <param name="Notes">Omissions and their reasons, as sentences.</param>
public sealed record ParameterImportances(
    string Method, ObjectiveAxis Objective, IReadOnlyList<ParameterImportance> Importances, IReadOnlyList<string> Notes)
    : AnalysisData
{
    /// <summary>The data that the importances rest on, as a short phrase for a picture: which trials are compared, or
    /// how well they are explained. Empty, the default, where the method does not say.</summary>
    public string Basis { get; init; } = "";

    /// <summary>The share of the objective's variance that the method's model predicts in trials that it has not seen
    /// (R²). 1 is all of it. At 0 or less the model knows nothing, and its importances mean nothing.
    /// <see langword="null"/>, the default, where the method has no model or the trials do not tell.</summary>
    public double? RSquared { get; init; }

    /// <summary>The parameters that the method cannot judge, such as those that only some trials have; in order of name.
    /// None by default.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>The share of its own variance that the model gives to parameters one by one, the sum of their
    /// <see cref="ParameterImportance.VarianceShare"/>; interactions have the rest. <see langword="null"/> where the method
    /// does not say.</summary>
    public double? MainEffects => Importances.Any(i => i.VarianceShare is not null) ? Importances.Sum(i => i.VarianceShare ?? 0) : null;

    /// <inheritdoc/>
    public override AnalysisTable ToTable() => new("parameterImportances", ["parameter", "importance", "varianceShare", "trials"],
        [.. Importances.Select(i => new object?[] { i.Parameter, i.Importance, i.VarianceShare, i.Trials })])
    {
        Facts =
        [
            new("method", Method),
            .. Objective.Facts,
            new("basis", Basis),
            new("rSquared", RSquared),
            new("mainEffects", MainEffects),
            new("leftOut", LeftOut),
            new("notes", Notes),
        ],
    };

    /// <summary>Importances that sum to 1 from amounts of any scale; of equals the first by name comes first.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="amounts">The parameters, their importances in any unit; 0 or more.</param>
    /// <param name="notes">Omissions and their reasons, as sentences. Where all amounts are 0, a note that the trials
    /// do not determine them is added.</param>
    public static ParameterImportances Normalized(
        string method, ObjectiveAxis objective, IEnumerable<ParameterImportance> amounts, params IReadOnlyList<string> notes)
    {
        var all = amounts.ToList();
        double sum = all.Sum(a => a.Importance);
        bool tells = sum > 0;
        if (!tells && all.Count > 0)
        {
            notes = [.. notes, "The trials do not tell: none of the parameters separates good values from others."];
        }

        return new(method, objective, [.. all.Select(a => a with { Importance = tells ? a.Importance / sum : 0 })
            .OrderByDescending(a => a.Importance).ThenBy(a => a.Parameter, StringComparer.Ordinal)], notes);
    }
}
