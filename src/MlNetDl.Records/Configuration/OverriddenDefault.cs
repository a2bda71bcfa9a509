using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace MlNetDl.Configuration;

/// <summary>Keys that an override set where the file says nothing: they change the default.</summary>
internal static class OverriddenDefault
{
    /// <summary>The key that marks them.</summary>
    public const string Mark = "$default";

    /// <summary>The default of a property with the keys that were set over it; what is given itself where no override changes a default.</summary>
    /// <param name="value">What is given.</param>
    /// <param name="info">The record that the property belongs to.</param>
    /// <param name="property">The property; <see langword="null"/> where there is none of that name.</param>
    public static JsonNode? Of(JsonNode? value, JsonTypeInfo info, JsonPropertyInfo? property)
    {
        if (value is not JsonObject keys || !keys.Remove(Mark) || property is null
            || CatalogRegistry.For(property.PropertyType) is not { } catalog || keys.ContainsKey(RecordChecker.Discriminator))
        {
            return value;
        }

        // A record that needs members cannot be asked for its defaults; then the key 'type' is asked for.
        if (info.CreateObject is not { } create || property.Get?.Invoke(create()) is not { } component || catalog.EntryOf(component.GetType()) is not { } entry)
        {
            return value;
        }

        var whole = (JsonObject)JsonSerializer.SerializeToNode(component, property.PropertyType, RecordJson.Options)!;
        whole[RecordChecker.Discriminator] = entry.Name;
        foreach (var (key, given) in keys)
        {
            whole[key] = given?.DeepClone();
        }

        return whole;
    }
}
