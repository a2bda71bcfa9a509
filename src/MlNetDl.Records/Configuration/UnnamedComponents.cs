using System.Collections.Concurrent;

namespace MlNetDl.Configuration;

/// <summary>Components that were written although no catalog has them: they are written by the names of their types,
/// and read once they are registered.</summary>
/// <remarks>So a component of one's own works from C# without registration, its checkpoints and saved models included;
/// only what looks a name up needs one.</remarks>
internal static class UnnamedComponents
{
    private static readonly ConcurrentDictionary<string, Type> Known = new();

    /// <summary>The name that a type is written by.</summary>
    public static string NameOf(Type type) => type.FullName!;

    /// <summary>How C# writes the type that a name is of.</summary>
    public static string CodeOf(string name) => name.Replace('+', '.');

    /// <summary>Whether a name is that of a type, and not one of a catalog.</summary>
    public static bool IsTypeName(string name) => name.Contains('.', StringComparison.Ordinal)
        || name.Contains('+', StringComparison.Ordinal);

    /// <summary>The known ones that derive from a type and are still in no catalog.</summary>
    public static IEnumerable<Type> Of(Type type, ICatalog catalog) =>
        Known.Values.Where(t => type.IsAssignableFrom(t) && catalog.EntryOf(t) is null);

    /// <summary>Gets to know those that a record is made of.</summary>
    /// <returns>Whether there are any: the record can then be written. Another thread may have got to
    /// know them meanwhile.</returns>
    public static bool Learn(object? record)
    {
        var missing = RegisteredComponents.Missing(record, "").Select(m => m.Type).Where(t => t.FullName is not null).ToList();
        bool isNew = false;
        foreach (var type in missing)
        {
            isNew |= Known.TryAdd(NameOf(type), type);
        }

        if (isNew)
        {
            RecordJson.CatalogsChanged();
        }

        return missing.Count > 0;
    }
}
