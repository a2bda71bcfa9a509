using MlNetDl.Metrics;

namespace MlNetDl.Search.Analysis;

/// <summary>Which objective a picture is about.</summary>
/// <param name="Name">What it is called: <c>value</c>, or <c>value0</c>, <c>value1</c>, … where there are several.</param>
/// <param name="Goal">Which of its values are better.</param>
public sealed record ObjectiveAxis(string Name, Goal Goal)
{
    /// <summary>Whether the first value is better.</summary>
    internal bool IsBetter(double a, double b) => Goal == Goal.Minimize ? a < b : a > b;

    /// <summary>The value as something to be small.</summary>
    internal double Cost(double value) => Goal == Goal.Minimize ? value : -value;

    internal static ObjectiveAxis Of(History history, int objective) => new(Observation.Column(history, objective), history.Goals[objective]);

    internal IEnumerable<KeyValuePair<string, object?>> Facts => [new("objective", Name), new("direction", Goal)];
}
