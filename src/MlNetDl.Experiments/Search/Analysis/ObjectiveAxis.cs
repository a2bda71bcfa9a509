namespace MlNetDl.Experiments.Search.Analysis;

/// <summary>Which objective a picture is about.</summary>
/// <param name="Name">What it is called: <c>value</c>, or <c>value0</c>, <c>value1</c>, … where there are several.</param>
/// <param name="Direction">Which of its values are better.</param>
public sealed record ObjectiveAxis(string Name, Direction Direction)
{
    /// <summary>Whether the first value is better.</summary>
    internal bool IsBetter(double a, double b) => Direction == Direction.Minimize ? a < b : a > b;

    /// <summary>The value as something to be small.</summary>
    internal double Cost(double value) => Direction == Direction.Minimize ? value : -value;

    internal static ObjectiveAxis Of(History history, int objective) => new(Observation.Column(history, objective), history.Directions[objective]);

    internal IEnumerable<KeyValuePair<string, object?>> Facts => [new("objective", Name), new("direction", Direction)];
}
