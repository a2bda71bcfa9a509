using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace MlNetDl.Configuration;

/// <summary>All catalogs of the process: what can be named in a configuration. A library registers its own in its module initializer, which
/// runs before any of its types is read or written.</summary>
public static class CatalogRegistry
{
    private static readonly Lock Gate = new();
    private static readonly List<Func<IEnumerable<(string Place, ICatalog Catalog)>>> Sources = [];
    private static readonly List<JsonConverter> OwnConverters = [];
    private static readonly HashSet<object> Registered = new(ReferenceEqualityComparer.Instance);
    private static volatile List<(string Place, ICatalog Catalog)>? known;

    /// <summary>All catalogs, in the order in which they were registered.</summary>
    public static IReadOnlyList<ICatalog> All => [.. Places().Select(p => p.Catalog)];

    /// <summary>The forms of types that are written in a way of their own.</summary>
    internal static IReadOnlyList<JsonConverter> Converters
    {
        get
        {
            lock (Gate)
            {
                return [.. OwnConverters];
            }
        }
    }

    /// <summary>Adds a catalog.</summary>
    public static void Register(ICatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        if (IsNew(catalog))
        {
            Add(() => [("", catalog)]);
        }
    }

    /// <summary>Adds the catalogs that are static properties of a type. They are made when the first of them is needed: a program that only
    /// scores needs none.</summary>
    /// <param name="holder">The type.</param>
    /// <param name="converters">How types are written that have a form of their own in JSON and YAML.</param>
    public static void Register(Type holder, params IEnumerable<JsonConverter> converters)
    {
        ArgumentNullException.ThrowIfNull(holder);
        if (!IsNew(holder))
        {
            return;
        }

        lock (Gate)
        {
            OwnConverters.AddRange(converters);
        }

        Add(() => holder.GetProperties(BindingFlags.Public | BindingFlags.Static).Where(p => p.PropertyType.IsAssignableTo(typeof(ICatalog)))
            .Select(p => ($"{holder.Name}.{p.Name}.", (ICatalog)p.GetValue(null)!)));
    }

    /// <summary>The catalog whose entries derive from the type, or whose entry it is; <see langword="null"/> where it is no component.</summary>
    internal static ICatalog? For(Type type)
    {
        if (!type.IsClass || type == typeof(object))
        {
            return null;
        }

        // A library registers its catalogs in its module initializer, which naming one of its types does not run yet.
        RuntimeHelpers.RunModuleConstructor(type.Module.ModuleHandle);
        return All.FirstOrDefault(c => c.BaseType.IsAssignableFrom(type));
    }

    /// <summary>How C# registers a type with a catalog: <c>Catalogs.Losses.Register&lt;MyLoss&gt;()</c>. Of a catalog that has no place of its
    /// own, the method alone.</summary>
    internal static string CallOf(ICatalog catalog, string type) =>
        $"{Places().FirstOrDefault(p => ReferenceEquals(p.Catalog, catalog)).Place}Register<{type}>()";

    private static List<(string Place, ICatalog Catalog)> Places()
    {
        if (known is { } before)
        {
            return before;
        }

        Func<IEnumerable<(string, ICatalog)>>[] sources;
        lock (Gate)
        {
            sources = [.. Sources];
        }

        // Made outside the lock, as catalogs are made by code of others. Whoever registers meanwhile sets it back.
        List<(string, ICatalog)> all = [.. sources.SelectMany(s => s())];
        lock (Gate)
        {
            return sources.Length == Sources.Count ? known = all : all;
        }
    }

    // What is registered again is there already.
    private static bool IsNew(object registered)
    {
        lock (Gate)
        {
            return Registered.Add(registered);
        }
    }

    private static void Add(Func<IEnumerable<(string, ICatalog)>> source)
    {
        lock (Gate)
        {
            Sources.Add(source);
            known = null;
        }

        RecordJson.CatalogsChanged();
    }
}
