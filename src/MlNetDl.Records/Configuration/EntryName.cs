using System.Text.Json.Nodes;

namespace MlNetDl.Configuration;

/// <summary>Which entry of its catalog the keys of a component tell: <c>type</c> names it. Without that, it is the only
/// one that its member takes, or a key is named like the entry, <c>folder: photos</c>.</summary>
internal static class EntryName
{
    /// <summary>The name of the entry.</summary>
    /// <param name="given">The keys.</param>
    /// <param name="type">What the member takes.</param>
    /// <param name="catalog">Its catalog.</param>
    /// <param name="path">Where the component stands.</param>
    /// <exception cref="ConfigurationException">The keys tell none, or several.</exception>
    public static string Of(JsonObject given, Type type, ICatalog catalog, string path)
    {
        if (given[RecordChecker.Discriminator] is not { } node)
        {
            return !type.IsAbstract && catalog.EntryOf(type) is { } only ? only.Name : ByKey(given, catalog, path);
        }

        if (node is not JsonValue value || !value.TryGetValue(out string? name))
        {
            throw new ConfigurationException(
                RecordChecker.Below(path, RecordChecker.Discriminator),
                $"expected the name of a {catalog.Kind} but got {ValueForms.Kind(node)}.");
        }

        return name;
    }

    private static string ByKey(JsonObject given, ICatalog catalog, string path)
    {
        if (!catalog.ToldByKey)
        {
            var known = string.Join(", ", catalog.Entries.Select(e => e.Name));
            throw new ConfigurationException(path, $"the key 'type' is missing: it names the {catalog.Kind}. Known are: {known}.");
        }

        var telling = Keys(catalog);
        var told = telling.Where(given.ContainsKey).ToList();
        if (told.Count != 1)
        {
            throw new ConfigurationException(
                path,
                $"needs exactly one of the keys {string.Join(", ", telling)}, or 'type' with the name of a "
                    + $"{catalog.Kind}, but has {(told.Count == 0 ? "none of them" : string.Join(" and ", told))}.");
        }

        return told[0];
    }

    // Of the entries that have a member of their own name.
    private static List<string> Keys(ICatalog catalog) => [.. catalog.Entries
        .Where(e => RecordJson.Options.GetTypeInfo(e.Type).Properties
            .Any(p => p.Name == e.Name && RecordMembers.Settable(p)))
        .Select(e => e.Name)];
}
