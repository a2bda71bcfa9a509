namespace MlNetDl.Search.Analysis;

/// <summary>What a study's report shows.</summary>
public sealed record StudyReportOptions
{
    /// <summary>For how many parameters, the most important first, there are slices and axes of parallel coordinates; 1 or more. 8 by
    /// default: more than most studies have.</summary>
    public int MostParameters { get; init; } = 8;

    /// <summary>For how many pairs of the most important parameters there are landscapes and ranks; 0 or more, 3 by default: the pairs of
    /// the first three.</summary>
    public int MostPairs { get; init; } = 3;

    /// <summary>How many of the best trials stand in the summary; 1 or more, 10 by default.</summary>
    public int BestTrials { get; init; } = 10;

    /// <summary>Which parameters matter; the first decides their order. <see cref="PedAnova"/> and <see cref="FunctionalAnova"/> by default.</summary>
    public IReadOnlyList<ImportanceEvaluator> Importances { get; init; } = [new PedAnova(), new FunctionalAnova()];

    /// <summary>Refuses settings out of range.</summary>
    /// <exception cref="ArgumentException">One is.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MostParameters, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MostPairs);
        ArgumentOutOfRangeException.ThrowIfLessThan(BestTrials, 1);
        if (Importances.Count == 0)
        {
            throw new ArgumentException("expected one importance evaluator or more but importances is empty.");
        }
    }
}
