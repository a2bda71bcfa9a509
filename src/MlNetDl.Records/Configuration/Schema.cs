using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;

namespace MlNetDl.Configuration;

/// <summary>The JSON schema of a record, with descriptions from the documentation. Editors complete and check YAML
/// files with it.</summary>
/// <remarks>Each kind of component is defined once, below <c>$defs</c>, because layers hold layers.</remarks>
public static class Schema
{
    private const string Definitions = "$defs";

    /// <summary>The schema of <typeparamref name="T"/>.</summary>
    public static JsonNode For<T>()
    {
        var components = new List<Type>();
        var schema = Of(typeof(T), components);
        var definitions = new JsonObject();
        // A definition may need others, so the list grows during the loop.
        for (int i = 0; i < components.Count; i++)
        {
            definitions[NameOf(components[i])] = Of(components[i], components);
        }

        if (definitions.Count > 0)
        {
            schema[Definitions] = definitions;
        }

        return schema;
    }

    private static JsonNode Of(Type type, List<Type> components) => RecordJson.Options.GetJsonSchemaAsNode(type, new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, schema) => Describe(context, schema, components),
    });

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema, List<Type> components)
    {
        var type = context.TypeInfo.Type;
        var map = OwnForm(type) is { } own ? own
            : ListElement(type) is { } element ? ListOrOne(element, components)
            : type.IsAbstract && !context.Path.IsEmpty && CatalogRegistry.For(type) is not null
                ? Reference(type, MayBeNull(context), components)
            : (schema = IsElsewhere(schema) ? Of(type, components) : schema) as JsonObject;
        if (map is null)
        {
            return schema;
        }

        if (context.PropertyInfo is { } bounded && DeclaredRange.Of(bounded) is { } range)
        {
            foreach (var bound in ListElement(type) is null ? [map] : map["anyOf"]!.AsArray().Select(form => form!["items"] ?? form))
            {
                range.Describe((JsonObject)bound!);
            }
        }

        var text = context.PropertyInfo is { AttributeProvider: not null } property
            ? Documentation.Member(property)
            : Documentation.Summary(type);
        if (text.Length > 0)
        {
            map["description"] = text;
        }

        // A computed property cannot be set in a file.
        foreach (var derived in context.TypeInfo.Properties.Where(p => !RecordMembers.Settable(p)))
        {
            (map["properties"] as JsonObject)?.Remove(derived.Name);
        }

        // A component may also be written as its bare name, and layers as a list.
        if (map["anyOf"] is JsonArray choices && context.Path.IsEmpty && CatalogRegistry.For(type) is { } catalog)
        {
            choices.Add(new JsonObject
            {
                ["enum"] = new JsonArray([.. catalog.Entries.Where(e => type.IsAssignableFrom(e.Type))
                    .Select(e => JsonValue.Create(e.Name))]),
            });
            if (catalog.ListForm is not null && type == catalog.BaseType)
            {
                choices.Add(List(type, components));
            }

            map.Remove("type");
            map.Remove("required");
        }

        return map;
    }

    // The exporter refers to where it saw a type first. That place may lie below a component, whose schema a reference has replaced.
    private static bool IsElsewhere(JsonNode schema) =>
        (string?)(schema as JsonObject)?["$ref"] is { } place && !place.StartsWith($"#/{Definitions}/", StringComparison.Ordinal);

    private static JsonObject? OwnForm(Type type)
    {
        var converter = (Nullable.GetUnderlyingType(type) ?? type).GetCustomAttribute<JsonConverterAttribute>()?.ConverterType;
        return converter?.IsAssignableTo(typeof(IRecordForm)) == true ? ((IRecordForm)Activator.CreateInstance(converter)!).Schema : null;
    }

    private static Type? ListElement(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>)
            ? type.GetGenericArguments()[0]
            : null;

    private static JsonObject List(Type element, List<Type> components) =>
        new() { ["type"] = "array", ["items"] = Element(element, components) };

    // One value stands for a list of one.
    private static JsonObject ListOrOne(Type element, List<Type> components) =>
        new() { ["anyOf"] = new JsonArray(List(element, components), Element(element, components)) };

    private static JsonNode Element(Type type, List<Type> components) => ListElement(type) is { } inner ? ListOrOne(inner, components)
        : type.IsAbstract && CatalogRegistry.For(type) is not null ? Reference(type, false, components)
        : Of(type, components);

    private static JsonObject Reference(Type type, bool orNull, List<Type> components)
    {
        if (!components.Contains(type))
        {
            components.Add(type);
        }

        var reference = new JsonObject { ["$ref"] = $"#/{Definitions}/{NameOf(type)}" };
        return orNull ? new() { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;
    }

    private static bool MayBeNull(JsonSchemaExporterContext context) => context.PropertyInfo is { } property
        && RecordMembers.MayBeNull(property);

    private static string NameOf(Type type) => JsonNamingPolicy.CamelCase.ConvertName(type.Name);
}
