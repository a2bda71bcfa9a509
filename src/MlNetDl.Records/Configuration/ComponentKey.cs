using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace MlNetDl.Configuration;

/// <summary>A key of a component in a configuration.</summary>
/// <param name="Name">The key. A key within keys and values has its path: <c>aware.epochs</c>, and <c>exits[].after</c> in a
/// list of them.</param>
/// <param name="Type">The expected value, such as <c>a whole number, 1 or more</c>.</param>
/// <param name="Default">The default as JSON; <see langword="null"/> where the key is required, empty where the default
/// follows from other keys.</param>
/// <param name="Meaning">Its meaning, from the documentation; empty where there is no documentation file.</param>
public sealed record ComponentKey(string Name, string Type, string? Default, string Meaning)
{
    /// <summary>The keys of a component, the required ones first. Keys within keys and values follow theirs.</summary>
    /// <param name="entry">The component. Members that its name sets are the defaults of their keys.</param>
    public static IReadOnlyList<ComponentKey> Of(CatalogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return [.. Of(entry.Type, "", entry.Preset, Example(entry.Type), [])];
    }

    private static IEnumerable<ComponentKey> Of(Type type, string above, JsonObject preset, object? example, Type[] outer)
    {
        var keys = RecordJson.Options.GetTypeInfo(type).Properties.Where(RecordMembers.Settable)
            .Select(p => (Property: p, Default: DefaultOf(p, preset, example)))
            .OrderBy(k => k.Default is not null);
        foreach (var (property, byDefault) in keys)
        {
            yield return new(above + property.Name, Expected(property), byDefault, Documentation.Member(property));
            if (Nested(property.PropertyType) is not var (record, path) || record == type || outer.Contains(record))
            {
                continue;
            }

            // The value that stands without the key tells the defaults within it, as that is what an override changes.
            object? set = example is null || path.StartsWith('[') ? null : property.Get?.Invoke(example);
            foreach (var key in Of(record, $"{above}{property.Name}{path}", [], set ?? Example(record), [.. outer, type]))
            {
                yield return key;
            }
        }
    }

    // The record whose keys are written below a key, and what stands between both. Where one of several components may stand, each
    // is listed by itself.
    private static (Type Record, string Path)? Nested(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>))
        {
            return Nested(type.GetGenericArguments()[0]) is var (record, path) ? (record, $"[]{path}") : null;
        }

        return !type.IsAbstract && !RecordMembers.HasOwnForm(type) && RecordJson.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object
            ? (type, ".")
            : null;
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
