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
    public static JsonNode? Of(JsonNode? value, JsonTypeInfo info, JsonPropertyInfo? property)
    {
        // A record with required members cannot be made just to read its defaults, and a required member may decide a
        // default.
        if (value is not JsonObject keys || keys.ContainsKey(RecordChecker.Discriminator) || property?.Get is not { } get
            || info.CreateObject is not { } create || info.Properties.Any(RecordChecker.IsRequired) || get(create()) is not { } component)
        {
            return value;
        }

        var whole = JsonSerializer.SerializeToNode(component, component.GetType(), WithNulls) as JsonObject ?? [];
        if (CatalogRegistry.For(component.GetType())?.EntryOf(component.GetType()) is { } entry)
        {
            whole[RecordChecker.Discriminator] = entry.Name;
        }

        foreach (var (key, given) in keys)
        {
            whole[key] = given?.DeepClone();
        }

        return whole;
    }
}
