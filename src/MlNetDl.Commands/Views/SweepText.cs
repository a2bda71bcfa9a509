using System.Globalization;
using System.Text.Json.Nodes;
using MlNetDl.Experiments;
using MlNetDl.Search;
using MlNetDl.Search.Samplers;

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
        string.Join(", ", Searched(parameters).Select(p => $"{p.Key}={Value(p.Value)}"));

    /// <summary>The parameters without that of the sampler, for which <see cref="Remarks"/> names the parent.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Searched(IEnumerable<KeyValuePair<string, object?>> parameters) =>
        parameters.Where(p => PopulationBasedSampler.IsSearched(p.Key));

    /// <summary>The trial that another one goes on from; <see langword="null"/> where it begins anew.</summary>
    public static int? Parent(TrialRecord trial) =>
        PopulationBasedSampler.TryParentOf(trial, out int parent) ? parent : null;

    /// <summary>What stands behind the value of a trial: the trial it goes on from, and the constraints that it
    /// breaks.</summary>
    public static string Remarks(TrialRecord trial, SearchOptions search) =>
        (Parent(trial) is { } parent ? $"  from trial {Number(parent)}" : "")
        + (search.Broken(trial) is { } broken ? $"  infeasible: {broken}" : "");

    /// <summary>The schedule that population-based training has found, a line for each part.</summary>
    public static IEnumerable<string> Lineage(IReadOnlyList<LineagePart> lineage)
    {
        yield return $"trained as trial {string.Join(" -> ", lineage.Select(p => Number(p.Trial)))}, {Figures.Count(lineage[^1].Epochs, "epoch")}:";
        int before = 0;
        foreach (var part in lineage)
        {
            var epochs = part.Epochs == before + 1 ? $"epoch {Number(part.Epochs)}" : $"epochs {Number(before + 1)} to {Number(part.Epochs)}";
            yield return $"  {epochs}, trial {Number(part.Trial)}: "
                + $"{string.Join(", ", part.Values.Select(v => Number(v.Value)))}  |  "
                + Values(part.Parameters.Select(p => KeyValuePair.Create(p.Key, (object?)p.Value)));
            before = part.Epochs;
        }
    }

    /// <summary>What is searched, by how many, for what.</summary>
    public static string Search(SearchOptions search) =>
        $"searching {string.Join(", ", search.Space.Keys)}: {Figures.Count(search.MaxTrials, "trial")}, "
        + $"{Figures.Count(search.Workers, "worker")}, {string.Join(" and ", search.Objective.Select(Objective))}";

    private static string Objective(SearchObjective objective) =>
        $"{(objective.Maximize is null ? "minimize" : "maximize")} {objective.Figure}";
}
