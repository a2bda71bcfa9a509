using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MlNetDl.Naming;

namespace MlNetDl.Configuration;

/// <summary>Brings a configuration to its plain form (bare names and aliases spelt out) and refuses unknown keys,
/// before it is bound to records.</summary>
internal sealed class RecordChecker(IReadOnlySet<string> overDefaults)
{
    public const string Discriminator = "type";

    // More do not help: a table that was given instead of a configuration has thousands.
    private const int MostProblems = 50;
    private readonly List<ConfigurationException> problems = [];
    private readonly WrittenPaths written = new();

    /// <summary>The plain form, and all problems. The form lacks the wrong values; it is <see langword="null"/> where
    /// it cannot do without them.</summary>
    public static (JsonNode? Node, IReadOnlyList<ConfigurationException> Problems, WrittenPaths Written) Normalize(
        JsonNode? node, Type type, IReadOnlySet<string> overDefaults)
    {
        var checker = new RecordChecker(overDefaults);
        return (checker.Try(() => checker.Normalize(node, type, ""), out var normal) ? normal : null, checker.problems, checker.written);
    }

    private void Note(ConfigurationException problem)
    {
        if (problems.Count < MostProblems)
        {
            problems.Add(problem);
        }
    }

    // Tells whether a value has a plain form, and notes its problem if not.
    private bool Try(Func<JsonNode?> normalize, out JsonNode? normal)
    {
        try
        {
            normal = normalize();
            return true;
        }
        catch (ConfigurationException e)
        {
            Note(e);
        }
        catch (ToldException)
        {
            // The problem below was noted where it was found.
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
            _ => ValueForms.Scalar(node, type, path),
        };
    }

    private JsonNode Component(JsonNode node, Type type, ICatalog catalog, string path)
    {
        if (node is JsonArray && catalog.ListForm is var (listEntry, listMember))
        {
            // Checked here, so that errors have the paths that were written.
            written.Add(path, listMember);
            node = new JsonObject { [Discriminator] = listEntry, [listMember] = Elements(node, catalog.BaseType, path).DeepClone() };
            if (type == catalog.BaseType)
            {
                // All of it has been checked. A second check at each level would take cubic time for nested lists.
                return node;
            }
        }

        var given = node is JsonValue value && value.TryGetValue(out string? name)
            ? new JsonObject { [Discriminator] = name }
            : node as JsonObject ?? throw new ConfigurationException(
                path, $"expected a {catalog.Kind}, as a name or as keys with 'type', but got {ValueForms.Kind(node)}.");
        given = catalog.Today(given, path);
        var entry = catalog.Find(EntryName.Of(given, type, catalog, path), Below(path, Discriminator));
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
                throw new ConfigurationException(Below(path, key), $"'{entry.Name}' means {key} {preset}, but {member} "
                    + $"is given; write type: {whole[Discriminator]} to choose {key} yourself.");
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
            throw new ConfigurationException(
                path,
                $"expected keys and values ({string.Join(", ", info.Properties.Where(RecordMembers.Settable).Select(p => p.Name))}) "
                    + $"but got {ValueForms.Kind(node)}.");
        }

        var properties = info.Properties.Where(RecordMembers.Settable).ToDictionary(p => p.Name);
        var wrong = new HashSet<string>();
        foreach (var (key, value) in given.ToList())
        {
            if (component && key == Discriminator)
            {
                continue;
            }

            if (!Try(() => Member(key, Default(key, value, info, given, path), properties, path), out var normal))
            {
                wrong.Add(key);
                given.Remove(key);
            }
            else if (!ReferenceEquals(normal, value))
            {
                given[key] = normal;
            }
        }

        var missing = properties.Values.Where(p => RecordMembers.IsRequired(p) && !given.ContainsKey(p.Name)).ToList();
        foreach (var property in missing.Where(p => !wrong.Contains(p.Name)))
        {
            var meaning = Documentation.Member(property);
            Note(new(path, $"the key '{property.Name}' is missing"
                + $"{(meaning.Length > 0 ? $": {char.ToLowerInvariant(meaning[0])}{meaning[1..]}" : ".")}"));
        }

        if (missing.Count == 0)
        {
            return given;
        }

        // The record cannot be made, but the values that were given for it can be checked.
        foreach (var (key, value) in given.Where(m => m.Key != Discriminator))
        {
            foreach (var problem in RecordCheck.Ranges(Alone(value, properties[key].PropertyType), Below(path, key)))
            {
                Note(new(written.Of(problem)));
            }
        }

        throw new ToldException();
    }

    private static object? Alone(JsonNode? value, Type type)
    {
        try
        {
            return value.Deserialize(type, RecordJson.Options);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private JsonNode? Default(string key, JsonNode? value, JsonTypeInfo info, JsonObject given, string path) =>
        overDefaults.Contains(Below(path, key))
            ? OverriddenDefault.Of(
                value, info, info.Properties.FirstOrDefault(p => p.Name == key && RecordMembers.Settable(p)), given)
            : value;

    private JsonNode? Member(string key, JsonNode? value, Dictionary<string, JsonPropertyInfo> properties, string path)
    {
        if (!properties.TryGetValue(key, out var property))
        {
            throw new ConfigurationException(Below(path, key), $"unknown key '{key}'; {Nearest.Hint(key, properties.Keys)}");
        }

        if (value is null && !RecordMembers.MayBeNull(property))
        {
            throw new ConfigurationException(Below(path, key), "has no value; expected "
                + $"{ValueForms.Expected(property.PropertyType)}. Without the key, its default is taken.");
        }

        return Normalize(value, property.PropertyType, Below(path, key));
    }

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
                // Leaving it out would move the elements behind it to other places.
                whole = false;
            }
            else if (!ReferenceEquals(normal, list[i]))
            {
                list[i] = normal;
            }
        }

        if (!whole)
        {
            throw new ToldException();
        }

        return list;
    }

    private JsonNode? Element(JsonNode? value, Type type, string path)
    {
        if (value is null && !RecordMembers.HasOwnForm(type))
        {
            throw new ConfigurationException(path, $"has no value; expected {ValueForms.Expected(type)}.");
        }

        return Normalize(value, type, path);
    }

    private JsonNode Entries(JsonNode node, JsonTypeInfo info, string path)
    {
        var given = node as JsonObject
            ?? throw new ConfigurationException(path, $"expected keys and values but got {ValueForms.Kind(node)}.");
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

    internal static string Below(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>A problem has been noted, so the node above has no plain form either.</summary>
    private sealed class ToldException : Exception;
}
