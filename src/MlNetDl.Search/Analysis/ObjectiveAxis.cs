using MlNetDl.Metrics;

namespace MlNetDl.Search.Analysis;

/// <summary>Which objective a picture is about.</summary>
/// <param name="Name">What it is called: <c>value</c>, or <c>value0</c>, <c>value1</c>, … where
/// there are several.</param>
/// <param name="Goal">Which of its values are better.</param>
public sealed record ObjectiveAxis(string Name, Goal Goal)
{
    /// <summary>Whether the first value is better.</summary>
    internal bool IsBetter(double a, double b) => Goal.IsBetter(a, b);

    /// <summary>The value as something to be small.</summary>
    internal double Cost(double value) => Goal.Loss(value);

    /// <summary>An objective of a study.</summary>
    /// <param name="history">The study.</param>
    /// <param name="objective">Which objective, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The study has no such objective.</exception>
    public static ObjectiveAxis Of(History history, int objective = 0)
    {
        if (!(objective >= 0) || objective >= history.Goals.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(objective), $"study '{history.StudyName}' has "
                + $"{history.Goals.Count} objectives, counted from 0, but objective {objective} was asked for.");
        }

        return new(Observation.Column(history, objective), history.Goals[objective]);
    }

    internal IEnumerable<KeyValuePair<string, object?>> Facts => [new("objective", Name), new("direction", Goal)];
}
