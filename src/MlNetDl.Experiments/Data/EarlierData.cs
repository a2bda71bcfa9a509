using System.Text.Json.Nodes;
using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>The form of <c>data</c> in files that an earlier version wrote: one record had the keys of all kinds, and a
/// run's <c>config.resolved.yaml</c> has them all.</summary>
internal static class EarlierData
{
    // All of these keys together, without the key "type", tell the form: no kind of today has them all.
    private static readonly JsonObject Defaults = JsonNode.Parse("""
        {
          "ignore": [],
          "numeric": [],
          "categorical": [],
          "testFraction": 0.2,
          "image": { "channels": 3, "height": 64, "width": 64, "resize": "stretch" }
        }
        """)!.AsObject();

    private static readonly Dictionary<string, string[]> Used = new()
    {
        ["dataset"] = [],
        ["folder"] = ["testFraction", "image"],
        ["csv"] = ["ignore", "numeric", "categorical", "testFraction"],
    };

    /// <summary>The keys without those of other kinds, which had no effect.</summary>
    /// <exception cref="ConfigurationException">Such a key has another value than its default. Somebody meant something
    /// by it, so it is not left out in silence.</exception>
    public static JsonObject Today(JsonObject given, string path)
    {
        if (given.ContainsKey("type") || !Defaults.All(d => given.ContainsKey(d.Key))
            || Used.Keys.Where(given.ContainsKey).ToList() is not [var kind])
        {
            return given;
        }

        foreach (var (key, value) in Defaults.Where(d => !Used[kind].Contains(d.Key)))
        {
            if (!JsonNode.DeepEquals(given[key], value))
            {
                throw new ConfigurationException(path.Length == 0 ? key : $"{path}.{key}", $"has no effect on "
                    + $"data of the kind '{kind}'. An earlier version wrote this file and passed over the key; delete the key.");
            }

            given.Remove(key);
        }

        return given;
    }
}
