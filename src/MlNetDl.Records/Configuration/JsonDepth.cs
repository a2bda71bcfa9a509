using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlNetDl.Configuration;

/// <summary>Tells whether JSON nests deeper than trees of layers may. It loops, because recursion would overflow the
/// stack.</summary>
internal static class JsonDepth
{
    /// <summary>Whether a text nests too deep, as far as it is JSON.</summary>
    public static bool IsTooGreat(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth > RecordDepth.Limit)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // Whoever reads the text reports that it is not JSON.
        }

        return false;
    }

    /// <summary>Whether a tree nests too deep.</summary>
    public static bool IsTooGreat(JsonNode? root)
    {
        var left = new Stack<(JsonNode? Node, int Depth)>([(root, 0)]);
        while (left.TryPop(out var at))
        {
            if (at.Depth > RecordDepth.Limit)
            {
                return true;
            }

            foreach (var child in Children(at.Node))
            {
                // A list in a list is a sequence in a sequence, which takes two levels when it is written out.
                left.Push((child, at.Depth + (at.Node is JsonArray && child is JsonArray ? 2 : 1)));
            }
        }

        return false;
    }

    private static IEnumerable<JsonNode?> Children(JsonNode? node) => node switch
    {
        JsonObject members => members.Select(m => m.Value),
        JsonArray elements => elements,
        _ => [],
    };
}
