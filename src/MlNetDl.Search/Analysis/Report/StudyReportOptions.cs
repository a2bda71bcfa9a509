using MlNetDl.Configuration;

namespace MlNetDl.Search.Analysis;

/// <summary>Contents of a study's report.</summary>
public sealed record StudyReportOptions : ICheckedRecord
{
    /// <summary>The heading; the study's name by default.</summary>
    public string? Title { get; init; }

    /// <summary>The figures that the objectives are, in their order, such as <c>validation.accuracy</c>. By default they are
    /// only called values.</summary>
    public IReadOnlyList<string> Objectives { get; init; } = [];

    /// <summary>The number of parameters, the most important first, that get slices and axes of parallel coordinates; 1
    /// or more. 8 by default, because few studies have more.</summary>
    [AtLeast(1)]
    public int MostParameters { get; init; } = 8;

    /// <summary>For how many pairs of the most important parameters there are landscapes and ranks; 0 or more, 3 by
    /// default: the pairs of the first three.</summary>
    [AtLeast(0)]
    public int MostPairs { get; init; } = 3;

    /// <summary>How many of the best trials stand in the summary; 1 or more, 10 by default.</summary>
    [AtLeast(1)]
    public int BestTrials { get; init; } = 10;

    /// <summary>Which parameters matter; the first decides their order. <see cref="PedAnova"/> and
    /// <see cref="FunctionalAnova"/> by default.</summary>
    public IReadOnlyList<ImportanceEvaluator> Importances { get; init; } = [new PedAnova(), new FunctionalAnova()];

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems() =>
        Importances.Count > 0 ? [] : [new("importances", "is empty; expected one importance evaluator or more.")];
}
