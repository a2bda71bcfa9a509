using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MlNetDl.Configuration;

/// <summary>Keys that an override set where the file says nothing: they change the default.</summary>
internal static class OverriddenDefault
{
    // A member that the default has as null stays null.
    private static JsonSerializerOptions WithNulls => new(RecordJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>The default of a property with the keys that were set over it; what is given itself where no override changes a default.</summary>
    /// <param name="value">What is given.</param>
    /// <param name="info">The record that the property belongs to.</param>
    /// <param name="property">The property; <see langword="null"/> where there is none of that name.</param>
    public static JsonNode? Of(JsonNode? value, JsonTypeInfo info, JsonPropertyInfo? property)
    {
        // A record that needs members cannot be asked for its defaults, and one of them may decide over another.
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
