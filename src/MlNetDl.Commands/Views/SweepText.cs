using System.Globalization;
using System.Text.Json.Nodes;
using MlNetDl.Experiments;

namespace MlNetDl.Commands.Views;

/// <summary>Parts of a sweep as text.</summary>
internal static class SweepText
{
    /// <summary>A figure.</summary>
    public static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    /// <summary>The value of a parameter.</summary>
    public static string Value(object? value) => value switch
    {
        double number => Number(number),
        JsonNode node => node.ToJsonString(),
        _ => Convert.ToString(value ?? "null", CultureInfo.InvariantCulture)!,
    };

    /// <summary>Parameters with their values.</summary>
    public static string Values(IEnumerable<KeyValuePair<string, object?>> parameters) =>
        string.Join(", ", parameters.Select(p => $"{p.Key}={Value(p.Value)}"));

    /// <summary>What is searched, by how many, for what.</summary>
    public static string Search(SearchOptions search) =>
        $"searching {string.Join(", ", search.Space.Keys)}: {Figures.Count(search.MaxTrials, "trial")}, "
        + $"{Figures.Count(search.Workers, "worker")}, {string.Join(" and ", search.Objective.Select(Objective))}";

    private static string Objective(SearchObjective objective) =>
        $"{(objective.Maximize is null ? "minimize" : "maximize")} {objective.Figure}";
}
