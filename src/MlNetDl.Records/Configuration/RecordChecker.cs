using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MlNetDl.Naming;

namespace MlNetDl.Configuration;

/// <summary>Brings a configuration to its plain form (bare names and aliases spelt out) and refuses unknown keys, before it is bound to records.</summary>
internal sealed class RecordChecker
{
    public const string Discriminator = "type";

    private readonly List<ConfigurationException> problems = [];

    /// <summary>The plain form, and all that is wrong: what is, is left out of the form, which is <see langword="null"/> where it cannot be
    /// without that.</summary>
    public static (JsonNode? Node, IReadOnlyList<ConfigurationException> Problems) Normalize(JsonNode? node, Type type)
    {
        var checker = new RecordChecker();
        return (checker.Try(() => checker.Normalize(node, type, ""), out var normal) ? normal : null, checker.problems);
    }

    // Whether a value has a plain form; what is wrong is noted.
    private bool Try(Func<JsonNode?> normalize, out JsonNode? normal)
    {
        try
        {
            normal = normalize();
            return true;
        }
        catch (ConfigurationException e)
        {
            problems.Add(e);
        }
        catch (ToldException)
        {
            // What is wrong below was noted there.
        }

        normal = null;
        return false;
    }

    private JsonNode? Normalize(JsonNode? node, Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (node is null)
        {
            return null;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>))
        {
            return Elements(node, type.GetGenericArguments()[0], path);
        }

        if (CatalogRegistry.For(type) is { } catalog)
        {
            return Component(node, type, catalog, path);
        }

        var info = RecordJson.Options.GetTypeInfo(type);
        return info.Kind switch
        {
            JsonTypeInfoKind.Object => Members(node, info, path, component: false),
            JsonTypeInfoKind.Dictionary => Entries(node, info, path),
            JsonTypeInfoKind.Enumerable => Elements(node, info.ElementType!, path),
            _ => Scalar(node, type, path),
        };
    }

    private JsonNode Component(JsonNode node, Type type, ICatalog catalog, string path)
    {
        if (node is JsonArray && catalog.ListForm is var (listEntry, listMember))
        {
            // Checked here, so that errors have the paths that were written.
            node = new JsonObject { [Discriminator] = listEntry, [listMember] = Elements(node, catalog.BaseType, path).DeepClone() };
            if (type == catalog.BaseType)
            {
                // All of it is checked: to check it once more at each level would make nested lists cubic.
                return node;
            }
        }

        var given = node is JsonValue value && value.TryGetValue(out string? name) ? new JsonObject { [Discriminator] = name } : node as JsonObject
            ?? throw new ConfigurationException(path, $"expected a {catalog.Kind}, as a name or as keys with 'type', but got {Kind(node)}.");
        string typeName = given[Discriminator] is { } t
            ? t is JsonValue tv && tv.TryGetValue(out string? text) ? text : throw new ConfigurationException(Below(path, Discriminator), $"expected the name of a {catalog.Kind} but got {Kind(t)}.")
            : !type.IsAbstract && catalog.EntryOf(type) is { } only ? only.Name
            : throw new ConfigurationException(path, $"the key 'type' is missing: it names the {catalog.Kind}. Known are: {string.Join(", ", catalog.Entries.Select(e => e.Name))}.");
        var entry = catalog.Find(typeName, Below(path, Discriminator));
        if (!type.IsAssignableFrom(entry.Type))
        {
            throw new ConfigurationException(path, $"expected a {type.Name} but '{entry.Name}' is none.");
        }

        var whole = new JsonObject { [Discriminator] = catalog.EntryOf(entry.Type)!.Name };
        foreach (var (key, member) in entry.Preset)
        {
            whole[key] = member?.DeepClone();
        }

        foreach (var (key, member) in given.ToList())
        {
            if (key == Discriminator)
            {
                continue;
            }

            if (entry.Preset.TryGetPropertyValue(key, out var preset) && !JsonNode.DeepEquals(preset, member))
            {
                throw new ConfigurationException(Below(path, key), $"'{entry.Name}' means {key} {preset}, but {member} is given; write type: {whole[Discriminator]} to choose {key} yourself.");
            }

            whole[key] = member?.DeepClone();
        }

        var members = (JsonObject)Members(whole, RecordJson.Options.GetTypeInfo(entry.Type), path, component: true);
        if (!type.IsAbstract)
        {
            // A property of the concrete type is bound without a discriminator.
            members.Remove(Discriminator);
        }

        return members;
    }

    private JsonNode Members(JsonNode node, JsonTypeInfo info, string path, bool component)
    {
        if (node is not JsonObject given)
        {
            throw new ConfigurationException(path, $"expected keys and values ({string.Join(", ", info.Properties.Where(Settable).Select(p => p.Name))}) but got {Kind(node)}.");
        }

        var properties = info.Properties.Where(Settable).ToDictionary(p => p.Name);
        var wrong = new HashSet<string>();
        foreach (var (key, value) in given.ToList())
        {
            if (component && key == Discriminator)
            {
                continue;
            }

            if (!Try(() => Member(key, OverriddenDefault.Of(value, info, properties.GetValueOrDefault(key)), properties, path), out var normal))
            {
                wrong.Add(key);
                given.Remove(key);
            }
            else if (!ReferenceEquals(normal, value))
            {
                given[key] = normal;
            }
        }

        var missing = properties.Values.Where(p => IsRequired(p) && !given.ContainsKey(p.Name)).ToList();
        foreach (var property in missing.Where(p => !wrong.Contains(p.Name)))
        {
            var meaning = Documentation.Member(property);
            problems.Add(new(path, $"the key '{property.Name}' is missing{(meaning.Length > 0 ? $": {char.ToLowerInvariant(meaning[0])}{meaning[1..]}" : ".")}"));
        }

        return missing.Count == 0 ? given : throw new ToldException();
    }

    private JsonNode? Member(string key, JsonNode? value, Dictionary<string, JsonPropertyInfo> properties, string path)
    {
        if (!properties.TryGetValue(key, out var property))
        {
            throw new ConfigurationException(Below(path, key), $"unknown key '{key}'; {Nearest.Hint(key, properties.Keys)}");
        }

        return value is null && !MayBeNull(property)
            ? throw new ConfigurationException(Below(path, key), $"has no value; expected {Expected(property.PropertyType)}. Without the key, its default is taken.")
            : Normalize(value, property.PropertyType, Below(path, key));
    }

    internal static bool IsRequired(JsonPropertyInfo property) => property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false };

    internal static bool MayBeNull(JsonPropertyInfo property) => HasOwnForm(property.PropertyType) || (property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : property.AssociatedParameter?.IsNullable ?? property.IsSetNullable);

    // What null means there is the converter's to say.
    private static bool HasOwnForm(Type type) => type.IsDefined(typeof(JsonConverterAttribute), inherit: false);

    internal static bool Settable(JsonPropertyInfo property) => property.Set is not null || property.AssociatedParameter is not null;

    private JsonNode Elements(JsonNode node, Type element, string path)
    {
        // One value where a list is expected is a list of one.
        var list = node as JsonArray ?? new JsonArray(node.DeepClone());
        bool whole = true;
        for (int i = 0; i < list.Count; i++)
        {
            int index = i;
            if (!Try(() => Element(list[index], element, $"{path}[{index}]"), out var normal))
            {
                // Without it the places of those behind would be others.
                whole = false;
            }
            else if (!ReferenceEquals(normal, list[i]))
            {
                list[i] = normal;
            }
        }

        return whole ? list : throw new ToldException();
    }

    private JsonNode? Element(JsonNode? value, Type type, string path) => value is null && !HasOwnForm(type)
        ? throw new ConfigurationException(path, $"has no value; expected {Expected(type)}.")
        : Normalize(value, type, path);

    private JsonNode Entries(JsonNode node, JsonTypeInfo info, string path)
    {
        var given = node as JsonObject ?? throw new ConfigurationException(path, $"expected keys and values but got {Kind(node)}.");
        foreach (var (key, value) in given.ToList())
        {
            if (!Try(() => Normalize(value, info.ElementType!, Below(path, key)), out var normal))
            {
                given.Remove(key);
            }
            else if (!ReferenceEquals(normal, value))
            {
                given[key] = normal;
            }
        }

        return given;
    }

    private static JsonNode Scalar(JsonNode node, Type type, string path)
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
            return names.Find(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
                ? JsonValue.Create(name)
                : throw new ConfigurationException(path, $"'{text}' is none of the values {string.Join(", ", names)}; {Nearest.Hint(text, names)}");
        }

        return fits ? node : throw new ConfigurationException(path, $"expected {Expected(type)} but got {Kind(node)}.");
    }

    private static bool FitsNumber(JsonNode node, Type type) => type == typeof(int) || type == typeof(long)
        ? node.AsValue().TryGetValue(out long whole) && (type == typeof(long) || whole is >= int.MinValue and <= int.MaxValue)
        : true;

    internal static string Expected(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? Expected(inner)
        : type == typeof(string) ? "text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}"
        : type.IsPrimitive ? "a number"
        : CatalogRegistry.For(type) is { } catalog ? $"the name of {("aeiou".Contains(catalog.Kind[0], StringComparison.Ordinal) ? "an" : "a")} {catalog.Kind}"
        : RecordJson.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object ? "keys and values"
        : "a list";

    private static string Kind(JsonNode node) => node switch
    {
        JsonObject => "keys and values",
        JsonArray => "a list",
        _ when node.GetValueKind() == JsonValueKind.String => $"the text '{Short(node.ToString())}'",
        _ => node.ToJsonString(),
    };

    internal static string Below(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    // A wrong file, such as a table, is one long text.
    private static string Short(string text) => text.Length <= 80 ? text : $"{text[..80]}…";

    /// <summary>What is wrong has been noted; what is above has no plain form either.</summary>
    private sealed class ToldException : Exception;
}
