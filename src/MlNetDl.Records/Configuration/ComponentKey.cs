using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace MlNetDl.Configuration;

/// <summary>A key of a component in a configuration.</summary>
/// <param name="Name">The key.</param>
/// <param name="Type">The expected value, such as <c>a whole number, 1 or more</c>.</param>
/// <param name="Default">The default as JSON; <see langword="null"/> where the key is required, empty where the default
/// follows from other keys.</param>
/// <param name="Meaning">Its meaning, from the documentation; empty where there is no documentation file.</param>
public sealed record ComponentKey(string Name, string Type, string? Default, string Meaning)
{
    /// <summary>The keys of a component, the required ones first.</summary>
    /// <param name="entry">The component. Members that its name sets are the defaults of their keys.</param>
    public static IReadOnlyList<ComponentKey> Of(CatalogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var example = Example(entry.Type);
        return [.. RecordJson.Options.GetTypeInfo(entry.Type).Properties.Where(RecordMembers.Settable)
            .Select(p => new ComponentKey(p.Name, Expected(p), DefaultOf(p, entry.Preset, example), Documentation.Member(p)))
            .OrderBy(k => k.Default is not null)];
    }

    private static string Expected(JsonPropertyInfo property) => DeclaredRange.Of(property) is { } range
        ? $"{ValueForms.Expected(property.PropertyType)}, {range}"
        : ValueForms.Expected(property.PropertyType);

    private static string? DefaultOf(JsonPropertyInfo property, JsonObject preset, object? example) =>
        preset.TryGetPropertyValue(property.Name, out var set) ? Text(set)
            : RecordMembers.IsRequired(property) ? null
            : property.AssociatedParameter is { } parameter ? Text(
                JsonSerializer.SerializeToNode(parameter.DefaultValue, property.PropertyType, RecordJson.Options))
            : example is null || property.Get is null ? ""
            : Text(JsonSerializer.SerializeToNode(property.Get(example), property.PropertyType, RecordJson.Options));

    private static string Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : node?.ToJsonString() ?? "null";

    // Only an instance shows the defaults of properties that no constructor takes. It gets made-up values for its
    // required parameters.
    private static object? Example(Type type)
    {
        var constructor = type.GetConstructors().MinBy(c => c.GetParameters().Length);
        try
        {
            return constructor?.Invoke([.. constructor.GetParameters()
                .Select(p => p.HasDefaultValue ? p.DefaultValue : MadeUp(p.ParameterType))]);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static object? MadeUp(Type type) => type == typeof(string) ? ""
        : type.IsPrimitive && type != typeof(bool) ? Convert.ChangeType(1, type, null)
        : type.IsValueType || type.GetConstructor([]) is not null ? Activator.CreateInstance(type)
        : null;
}
