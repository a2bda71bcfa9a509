using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace MlNetDl.Configuration;

/// <summary>A key of a component in a configuration.</summary>
/// <param name="Name">The key.</param>
/// <param name="Type">What is expected, such as <c>a whole number, 1 or more</c>.</param>
/// <param name="Default">What is taken without it, as JSON; <see langword="null"/> where it must be given, empty where the default follows
/// from other keys.</param>
/// <param name="Meaning">What it is, from the documentation; empty where that is not at hand.</param>
public sealed record ComponentKey(string Name, string Type, string? Default, string Meaning)
{
    /// <summary>The keys of a component, those that must be given first.</summary>
    /// <param name="entry">The component; what its name sets is the default of its keys.</param>
    public static IReadOnlyList<ComponentKey> Of(CatalogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var example = Example(entry.Type);
        return [.. RecordJson.Options.GetTypeInfo(entry.Type).Properties.Where(RecordChecker.Settable)
            .Select(p => new ComponentKey(p.Name, Expected(p), DefaultOf(p, entry.Preset, example), Documentation.Member(p)))
            .OrderBy(k => k.Default is not null)];
    }

    private static string Expected(JsonPropertyInfo property) =>
        DeclaredRange.Of(property) is { } range ? $"{ValueForms.Expected(property.PropertyType)}, {range}" : ValueForms.Expected(property.PropertyType);

    private static string? DefaultOf(JsonPropertyInfo property, JsonObject preset, object? example) => preset.TryGetPropertyValue(property.Name, out var set) ? Text(set)
        : RecordChecker.IsRequired(property) ? null
        : property.AssociatedParameter is { } parameter ? Text(JsonSerializer.SerializeToNode(parameter.DefaultValue, property.PropertyType, RecordJson.Options))
        : example is null || property.Get is null ? ""
        : Text(JsonSerializer.SerializeToNode(property.Get(example), property.PropertyType, RecordJson.Options));

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : node?.ToJsonString() ?? "null";

    // Defaults of what a constructor does not take are seen from an instance; what must be given is made up for it.
    private static object? Example(Type type)
    {
        var constructor = type.GetConstructors().MinBy(c => c.GetParameters().Length);
        try
        {
            return constructor?.Invoke([.. constructor.GetParameters().Select(p => p.HasDefaultValue ? p.DefaultValue : MadeUp(p.ParameterType))]);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static object? MadeUp(Type type) => type == typeof(string) ? "" : type.IsPrimitive && type != typeof(bool) ? Convert.ChangeType(1, type, null)
        : type.IsValueType || type.GetConstructor([]) is not null ? Activator.CreateInstance(type) : null;
}
