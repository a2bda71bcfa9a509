namespace MlNetDl.Search.Analysis;

/// <summary>A trial across all axes.</summary>
/// <param name="Number">The trial.</param>
/// <param name="Value">Its value.</param>
/// <param name="Numbers">Its number on each axis; <see langword="null"/> where it has no such parameter.</param>
public sealed record ParallelLine(int Number, double Value, IReadOnlyList<double?> Numbers);

/// <summary>All parameters side by side, a line a complete trial.</summary>
/// <param name="Objective">The objective.</param>
/// <param name="Axes">The parameters.</param>
/// <param name="Lines">The complete trials in order of number; those with NaN are left out.</param>
public sealed record ParallelCoordinates(
    ObjectiveAxis Objective, IReadOnlyList<ParameterAxis> Axes, IReadOnlyList<ParallelLine> Lines) : AnalysisData
{
    /// <summary>The trials of a study.</summary>
    /// <param name="history">The study.</param>
    /// <param name="parameters">The axes in order; all parameters, in order of name, when
    /// <see langword="null"/>.</param>
    /// <param name="objective">Which objective, from 0.</param>
    /// <exception cref="ArgumentException">The study has no such parameter or objective, or a parameter
    /// is given twice.</exception>
    public static ParallelCoordinates Of(History history, IReadOnlyList<string>? parameters = null, int objective = 0)
    {
        if (parameters?.GroupBy(p => p).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"expected each parameter once but got '{twice.Key}' {twice.Count()} times.", nameof(parameters));
        }

        var observations = Observation.Of(history, objective);
        var axes = (parameters ?? [.. ParameterAxis.Searched(history).Select(p => p.Key).Order(StringComparer.Ordinal)])
            .Select(p => ParameterAxis.Of(history, p)).ToList();
        return new(ObjectiveAxis.Of(history, objective), axes, [.. observations.Select(o => new ParallelLine(
            o.Trial.Number,
            o.Value,
            [.. axes.Select(a => o.Trial.Numbers.TryGetValue(a.Name, out double number) ? number : (double?)null)]))]);
    }

    /// <inheritdoc/>
    public override AnalysisTable ToTable() => new(
        "parallelCoordinates",
        ["number", Objective.Name, .. Axes.Select(a => a.Column)],
        [.. Lines.Select(l => (IReadOnlyList<object?>)[
            l.Number,
            l.Value,
            .. Axes.Select((a, i) => l.Numbers[i] is { } number ? a.Cell(number) : null),
        ])])
    {
        Facts = [.. Objective.Facts],
    };
}
