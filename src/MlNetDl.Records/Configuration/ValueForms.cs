using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using MlNetDl.Naming;

namespace MlNetDl.Configuration;

/// <summary>Single values: their form in a configuration, and how messages describe them.</summary>
internal static class ValueForms
{
    private const string None = "none";
    private const int MostNames = 3;

    /// <summary>Reads a single value; a value of an enumeration is its name.</summary>
    /// <exception cref="ConfigurationException">The value is of another kind.</exception>
    public static JsonNode Scalar(JsonNode node, Type type, string path)
    {
        var kind = node.GetValueKind();
        bool fits = type == typeof(string) ? kind == JsonValueKind.String
            : type == typeof(bool) ? kind is JsonValueKind.True or JsonValueKind.False
            : type.IsEnum ? kind == JsonValueKind.String
            : !type.IsPrimitive || (kind == JsonValueKind.Number && FitsNumber(node, type));
        if (type.IsEnum && fits)
        {
            var names = Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName).ToList();
            var text = node.GetValue<string>();
            if (names.Find(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is not { } name)
            {
                var meant = Nearest.Of(text, names) is { } near ? $"; did you mean '{near}'?" : ".";
                throw new ConfigurationException(path, $"'{text}' is none of the values {string.Join(", ", names)}{meant}");
            }

            return JsonValue.Create(name);
        }

        if (!fits)
        {
            throw new ConfigurationException(path, $"expected {Expected(type)} but got "
                + (type.IsPrimitive && type != typeof(bool) && IsNotFinite(node) ? $"{node}, which is no finite number." : $"{Kind(node)}."));
        }

        return node;
    }

    // Neither YAML nor JSON reads these as numbers here, and no member takes them.
    private static bool IsNotFinite(JsonNode node) => node.GetValueKind() == JsonValueKind.String
        && (node.ToString().ToLowerInvariant().TrimStart('+', '-') is ".nan" or ".inf"
            || (double.TryParse(node.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && !double.IsFinite(number)));

    private static bool FitsNumber(JsonNode node, Type type) => type == typeof(int) || type == typeof(long)
        ? node.AsValue().TryGetValue(out long whole) && (type == typeof(long) || whole is >= int.MinValue and <= int.MaxValue)
        : true;

    /// <summary>The expected form of a type's values, in words.</summary>
    public static string Expected(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? Expected(inner)
        : type == typeof(string) ? "text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type.IsEnum
            ? $"one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}"
        : type.IsPrimitive ? "a number"
        : CatalogRegistry.For(type) is { } catalog
            ? $"the name of {("aeiou".Contains(catalog.Kind[0], StringComparison.Ordinal) ? "an" : "a")} {catalog.Kind}"
        : RecordJson.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object ? "keys and values"
        : "a list";

    /// <summary>What to write for a component: "none" where its catalog has such an entry, else its names.</summary>
    public static string Choices(Type type) => CatalogRegistry.For(type) is not { Entries.Count: > 0 } catalog ? ""
        : catalog.Entries.Any(e => e.Name == None) ? $"; write {None} for no {catalog.Kind}"
        : $", such as {string.Join(", ", catalog.Entries.Select(e => e.Name).Take(MostNames))}";

    /// <summary>The kind of a given value, in words.</summary>
    public static string Kind(JsonNode node) => node switch
    {
        JsonObject => "keys and values",
        JsonArray => "a list",
        _ when node.GetValueKind() == JsonValueKind.String => $"the text '{Short(node.ToString())}'",
        _ => node.ToJsonString(),
    };

    // A file of another kind, such as a table, parses as one long text.
    private static string Short(string text) => text.Length <= 80 ? text : $"{text[..80]}…";
}
