namespace MlNetDl.Search.Analysis;

/// <summary>A complete trial and the value of the objective that is looked at.</summary>
internal readonly record struct Observation(TrialRecord Trial, double Value)
{
    /// <summary>Complete trials in order of number, those with NaN left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The study has no such objective.</exception>
    public static IReadOnlyList<Observation> Of(History history, int objective)
    {
        _ = ObjectiveAxis.Of(history, objective);
        return [.. history.Trials
            .Where(t => t.State == TrialState.Complete && t.Values.Count > objective && !double.IsNaN(t.Values[objective]))
            .Select(t => new Observation(t, t.Values[objective]))];
    }

    /// <summary>The name of an objective's values in tables: <c>value</c>, or <c>value0</c>, <c>value1</c>, … where
    /// there are several.</summary>
    public static string Column(History history, int objective) => history.Goals.Count == 1 ? "value" : $"value{objective}";
}
