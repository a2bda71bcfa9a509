using MlNetDl.Configuration;
using MlNetDl.Metrics;

namespace MlNetDl.Experiments;

/// <summary>A figure of a run to make great or small: <c>{ maximize: validation.accuracy }</c>,
/// <c>{ minimize: latencyMs }</c>.</summary>
public sealed record SearchObjective : ICheckedRecord
{
    /// <summary>The figure that is better when greater.</summary>
    public string? Maximize { get; init; }

    /// <summary>The figure that is better when less.</summary>
    public string? Minimize { get; init; }

    /// <summary>The figure's name.</summary>
    public string Figure => Maximize ?? Minimize ?? "";

    /// <summary>Which of its values are better.</summary>
    public Goal Goal => Maximize is not null ? Goal.Maximize : Goal.Minimize;

    /// <inheritdoc/>
    public IEnumerable<RecordProblem> Problems()
    {
        if ((Maximize is null) == (Minimize is null))
        {
            yield return new("", "expects one of maximize and minimize, such as { maximize: validation.accuracy }.");
        }
        else if (RunFigures.Problem(Figure) is { } problem)
        {
            yield return new(Maximize is null ? "minimize" : "maximize", problem);
        }
    }
}
