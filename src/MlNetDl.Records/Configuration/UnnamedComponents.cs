namespace MlNetDl.Configuration;

/// <summary>Components that were written although no catalog has them. They are written by the names of their types,
/// and read once they are registered.</summary>
/// <remarks>So a component of one's own works from C# without registration, its checkpoints and saved models included;
/// only what looks a name up needs one. A checkpoint knows its components by their names: one that is registered after
/// a training was interrupted makes it another training.</remarks>
internal static class UnnamedComponents
{
    // No name of a catalog begins so: a type in the global namespace must not be read as a component of that name.
    private const string Prefix = "global::";

    private static readonly Lock Gate = new();
    private static readonly HashSet<Type> Known = [];

    /// <summary>The name that a type is written by.</summary>
    public static string NameOf(Type type) => Prefix + type.FullName;

    /// <summary>How C# writes the type that a name is of.</summary>
    public static string CodeOf(string name) => name[Prefix.Length..].Replace('+', '.');

    /// <summary>Whether a name is that of a type, and not one of a catalog.</summary>
    public static bool IsTypeName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The known ones that derive from a type and are still in no catalog.</summary>
    public static IReadOnlyList<Type> Of(Type type, ICatalog catalog)
    {
        lock (Gate)
        {
            return [.. Known.Where(t => type.IsAssignableFrom(t) && catalog.EntryOf(t) is null)];
        }
    }

    /// <summary>Gets to know those that a record is made of.</summary>
    /// <returns>Whether there are any: the record can then be written.</returns>
    /// <exception cref="ArgumentException">Two types have one name.</exception>
    public static bool Learn(object? record)
    {
        var missing = RegisteredComponents.Missing(record, "").Select(m => m.Type).Where(t => t.FullName is not null).ToList();
        if (missing.Count == 0)
        {
            return false;
        }

        // Also where another thread has just got to know them: it may not have told yet.
        lock (Gate)
        {
            foreach (var type in missing)
            {
                if (Known.FirstOrDefault(t => t != type && t.FullName == type.FullName) is { } other)
                {
                    throw new ArgumentException($"Two components are named {type.FullName}, of {other.Assembly.GetName().Name} and of "
                        + $"{type.Assembly.GetName().Name}, and no catalog tells them apart; register them under names that differ.");
                }

                Known.Add(type);
            }

            RecordJson.CatalogsChanged();
        }

        return true;
    }
}
