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
    private readonly List<RecordPart> parts = [];
    private readonly WrittenPaths written = new();
    private int found;

    /// <summary>The plain form, and all problems of form. Where there are problems, the form is of no use. The parts
    /// are then the largest values that have none, and their records still need a check.</summary>
    public static PlainForm Normalize(JsonNode? node, Type type, IReadOnlySet<string> overDefaults)
    {
        var checker = new RecordChecker(overDefaults);
        checker.IsWhole(() => checker.Normalize(node, type, ""), out var plain);
        return new(plain, checker.problems, checker.parts, checker.written);
    }

    private void Note(ConfigurationException problem)
    {
        found++;
        if (problems.Count < MostProblems)
        {
            problems.Add(problem);
        }
    }

    // Brings a value to its plain form, and tells whether no problem was found in it.
    private bool IsWhole(Func<JsonNode?> normalize, out JsonNode? plain)
    {
        int before = found;
        try
        {
            plain = normalize();
        }
        catch (ConfigurationException e)
        {
            Note(e);
            plain = null;
        }

        return found == before;
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
            JsonTypeInfoKind.Object => Members(node, info, path, entry: null),
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
            bool isWhole = IsWhole(() => Elements(node, catalog.BaseType, path), out var elements);
            node = new JsonObject { [Discriminator] = listEntry, [listMember] = elements?.DeepClone() };
            if (type == catalog.BaseType || !isWhole)
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

        var whole = new JsonObject { [Discriminator] = NameOf(entry) };
        foreach (var (key, member) in entry.Preset.Concat(given).Where(m => m.Key != Discriminator))
        {
            whole[key] = member?.DeepClone();
        }

        var members = (JsonObject)Members(whole, RecordJson.Options.GetTypeInfo(entry.Type), path, entry);
        if (!type.IsAbstract)
        {
            // A property of the concrete type is bound without a discriminator.
            members.Remove(Discriminator);
        }

        return members;
    }

    private JsonNode Members(JsonNode node, JsonTypeInfo info, string path, CatalogEntry? entry)
    {
        var properties = info.Properties.Where(RecordMembers.Settable).ToDictionary(p => p.Name);
        if (node is not JsonObject given)
        {
            throw new ConfigurationException(
                path, $"expected keys and values ({string.Join(", ", properties.Keys)}) but got {ValueForms.Kind(node)}.");
        }

        var (before, first) = (found, parts.Count);
        foreach (var (key, value) in given.Where(m => entry is null || m.Key != Discriminator).ToList())
        {
            if (!properties.ContainsKey(key))
            {
                Note(new(Below(path, key), $"unknown key '{key}'; {Nearest.Hint(key, properties.Keys)}{UnknownKeysAttribute.Of(info.Type)}"));
            }
            else if (IsWhole(() => Member(key, Default(key, value, info, given, path), properties[key], path, entry), out var plain))
            {
                parts.Add(new(plain, properties[key].PropertyType, DeclaredRange.Of(properties[key]), Below(path, key)));
                Replace(given, key, plain);
            }
        }

        foreach (var property in properties.Values.Where(p => RecordMembers.IsRequired(p) && !given.ContainsKey(p.Name)))
        {
            var meaning = Documentation.Member(property);
            Note(new(path, $"the key '{property.Name}' is missing"
                + $"{(meaning.Length > 0 ? $": {char.ToLowerInvariant(meaning[0])}{meaning[1..]}" : ".")}"));
        }

        ForgetParts(before, first);
        return given;
    }

    // A value without problems is a part itself, so its parts are not needed.
    private void ForgetParts(int before, int first)
    {
        if (found == before)
        {
            parts.RemoveRange(first, parts.Count - first);
        }
    }

    private static void Replace(JsonNode node, string key, JsonNode? plain)
    {
        if (!ReferenceEquals(plain, node[key]))
        {
            node[key] = plain;
        }
    }

    private static string NameOf(CatalogEntry entry) => CatalogRegistry.For(entry.Type)!.EntryOf(entry.Type)!.Name;

    private JsonNode? Default(string key, JsonNode? value, JsonTypeInfo info, JsonObject given, string path) =>
        overDefaults.Contains(Below(path, key))
            ? OverriddenDefault.Of(
                value, info, info.Properties.FirstOrDefault(p => p.Name == key && RecordMembers.Settable(p)), given)
            : value;

    private JsonNode? Member(string key, JsonNode? value, JsonPropertyInfo property, string path, CatalogEntry? entry)
    {
        if (entry?.Preset.TryGetPropertyValue(key, out var preset) is true && !JsonNode.DeepEquals(preset, value))
        {
            throw new ConfigurationException(Below(path, key), $"'{entry.Name}' means {key} {preset}, but "
                + $"{value?.ToString() ?? "null"} is given; write type: {NameOf(entry)} to choose {key} yourself.");
        }

        if (value is null && !RecordMembers.MayBeNull(property))
        {
            throw new ConfigurationException(Below(path, key), "has no value; expected "
                + $"{ValueForms.Expected(property.PropertyType)}{ValueForms.Choices(property.PropertyType)}. Without the key, its default is taken.");
        }

        return Normalize(value, property.PropertyType, Below(path, key));
    }

    private JsonNode Elements(JsonNode node, Type element, string path)
    {
        // One value where a list is expected is a list of one.
        var list = node as JsonArray ?? new JsonArray(node.DeepClone());
        var (before, first) = (found, parts.Count);
        for (int i = 0; i < list.Count; i++)
        {
            var (value, at) = (list[i], $"{path}[{i}]");
            if (IsWhole(() => Element(value, element, at), out var plain))
            {
                parts.Add(new(plain, element, null, at));
                if (!ReferenceEquals(plain, value))
                {
                    list[i] = plain;
                }
            }
        }

        ForgetParts(before, first);
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
        var (before, first) = (found, parts.Count);
        foreach (var (key, value) in given.ToList())
        {
            if (value is null && RecordJson.Options.GetTypeInfo(info.ElementType!).Kind == JsonTypeInfoKind.Object)
            {
                Note(new(Below(path, key), "has no value; expected keys and values, or {} for all defaults."));
            }
            else if (IsWhole(() => Normalize(value, info.ElementType!, Below(path, key)), out var plain))
            {
                parts.Add(new(plain, info.ElementType!, null, Below(path, key)));
                Replace(given, key, plain);
            }
        }

        ForgetParts(before, first);
        return given;
    }

    internal static string Below(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
