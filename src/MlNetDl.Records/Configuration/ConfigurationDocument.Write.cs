using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlNetDl.Configuration;

/// <content>Writes records as YAML.</content>
public sealed partial class ConfigurationDocument
{
    /// <summary>A record as YAML, all members written out.</summary>
    public static string ToYaml<T>(T record)
    {
        var text = new StringBuilder();
        Write(text, RecordJson.ToNode(record), 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int depth)
    {
        foreach (var (key, value) in (JsonObject)node!)
        {
            text.Append(' ', depth * 2).Append(key).Append(':');
            if (value is JsonObject { Count: > 0 } map)
            {
                text.Append('\n');
                Write(text, map, depth + 1);
            }
            else
            {
                // JSON is YAML: lists and scalars are written in their JSON form.
                text.Append(' ').Append(value is null ? "null" : value.ToJsonString(Compact)).Append('\n');
            }
        }
    }

    private static readonly JsonSerializerOptions Compact = new(RecordJson.Options) { WriteIndented = false };
}
