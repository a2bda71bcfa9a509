using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MlNetDl.Configuration;

/// <summary>Keys that an override sets below a key that the file does not have. They change the default.</summary>
internal static class OverriddenDefault
{
    // A member that is null in the default stays null.
    private static JsonSerializerOptions WithNulls => new(RecordJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>The default of a property, changed by the given keys. Where no override changes a default, the value
    /// itself.</summary>
    /// <param name="value">The given value.</param>
    /// <param name="info">The record that the property belongs to.</param>
    /// <param name="property">The property; <see langword="null"/> where there is none of that name.</param>
    /// <param name="given">All that is given of the record.</param>
    public static JsonNode? Of(JsonNode? value, JsonTypeInfo info, JsonPropertyInfo? property, JsonObject given)
    {
        if (value is not JsonObject keys || keys.ContainsKey(RecordChecker.Discriminator) || property?.Get is not { } get
            || RecordWithDefaults(info, given) is not { } record || get(record) is not { } component)
        {
            return value;
        }

        var whole = JsonSerializer.SerializeToNode(component, component.GetType(), WithNulls) as JsonObject ?? [];
        if (CatalogRegistry.For(component.GetType())?.EntryOf(component.GetType()) is { } entry)
        {
            whole[RecordChecker.Discriminator] = entry.Name;
        }

        foreach (var (key, over) in keys)
        {
            whole[key] = over?.DeepClone();
        }

        return whole;
    }

    // The record with nothing but the members that it needs, as these may decide over defaults; null where one of them
    // is missing or wrong.
    private static object? RecordWithDefaults(JsonTypeInfo info, JsonObject given)
    {
        var needed = info.Properties.Where(RecordMembers.IsRequired).Select(p => p.Name).ToList();
        if (needed.Count == 0)
        {
            return info.CreateObject?.Invoke();
        }

        if (!needed.All(given.ContainsKey))
        {
            return null;
        }

        var members = new JsonObject(needed.Select(name => KeyValuePair.Create(name, given[name]?.DeepClone())));
        var form = RecordChecker.Normalize(members, info.Type, new HashSet<string>());
        try
        {
            return form.Problems.Count == 0 ? form.Node.Deserialize(info.Type, RecordJson.Options) : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
