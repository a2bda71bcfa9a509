using System.Text.Json.Nodes;

namespace MlNetDl.Configuration;

/// <summary>A component without <c>type</c>: the key that is named like an entry tells which it is,
/// <c>folder: photos</c>.</summary>
internal static class KeyForm
{
    /// <summary>The name of the entry that the keys tell.</summary>
    /// <exception cref="ConfigurationException">They tell none, or several.</exception>
    public static string TypeOf(JsonObject given, ICatalog catalog, string path)
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
