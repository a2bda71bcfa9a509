using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace MlNetDl.Configuration;

/// <summary>The JSON schema of a record, with the documentation's descriptions: editors complete and check YAML files with it.</summary>
public static class Schema
{
    /// <summary>The schema of <typeparamref name="T"/>.</summary>
    public static JsonNode For<T>() => RecordJson.Options.GetJsonSchemaAsNode(typeof(T), new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe });

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject map)
        {
            return schema;
        }

        var text = context.PropertyInfo is { AttributeProvider: not null } property ? Documentation.Member(property) : Documentation.Summary(context.TypeInfo.Type);
        if (text.Length > 0)
        {
            map["description"] = text;
        }

        // A component may also be written as its bare name, and layers as a list.
        if (map["anyOf"] is JsonArray choices && Catalogues.For(context.TypeInfo.Type) is { } catalogue)
        {
            choices.Add(new JsonObject { ["enum"] = new JsonArray([.. catalogue.Entries.Select(e => JsonValue.Create(e.Name))]) });
            if (catalogue.ListForm is not null)
            {
                choices.Add(new JsonObject { ["type"] = "array" });
            }

            map.Remove("type");
            map.Remove("required");
        }

        return map;
    }
}
