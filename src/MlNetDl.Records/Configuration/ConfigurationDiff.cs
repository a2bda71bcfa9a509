using System.Text.Json.Nodes;

namespace MlNetDl.Configuration;

/// <summary>One value in which two configurations differ.</summary>
/// <param name="Path">Where, in dotted keys.</param>
/// <param name="Before">The first one's value; <see langword="null"/> when it has none.</param>
/// <param name="After">The second one's value; <see langword="null"/> when it has none.</param>
public sealed record ConfigurationDifference(string Path, string? Before, string? After);

/// <summary>Compares configurations.</summary>
public static class ConfigurationDiff
{
    /// <summary>Where two trees differ, in the order of the first.</summary>
    public static IReadOnlyList<ConfigurationDifference> Between(JsonNode? before, JsonNode? after)
    {
        var differences = new List<ConfigurationDifference>();
        Walk(before, after, "", differences);
        return differences;
    }

    private static void Walk(JsonNode? before, JsonNode? after, string path, List<ConfigurationDifference> differences)
    {
        if (before is JsonObject a && after is JsonObject b)
        {
            foreach (var key in a.Select(p => p.Key).Union(b.Select(p => p.Key)))
            {
                Walk(a[key], b[key], path.Length == 0 ? key : $"{path}.{key}", differences);
            }
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            differences.Add(new(path, before?.ToJsonString(), after?.ToJsonString()));
        }
    }
}
