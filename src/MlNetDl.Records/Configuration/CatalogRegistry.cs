using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace MlNetDl.Configuration;

/// <summary>All catalogs of the process: the components that a configuration can name. A library registers its own in
/// its module initializer, which runs before any of its types is read or written.</summary>
public static class CatalogRegistry
{
    private static readonly Lock Gate = new();
    private static readonly List<Func<IEnumerable<(string Place, ICatalog Catalog)>>> Sources = [];
    private static readonly List<JsonConverter> OwnConverters = [];
    private static readonly HashSet<object> Registered = new(ReferenceEqualityComparer.Instance);
    private static volatile List<(string Place, ICatalog Catalog)>? known;

    /// <summary>All catalogs, in the order in which they were registered.</summary>
    public static IReadOnlyList<ICatalog> All => [.. Places().Select(p => p.Catalog)];

    /// <summary>The converters of types that have a form of their own.</summary>
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

    /// <summary>Adds the catalogs that are static properties of a type. The first use of any of them makes them all,
    /// because a program that only scores needs none.</summary>
    /// <param name="holder">The type.</param>
    /// <param name="converters">The converters of types that have a form of their own in JSON and YAML.</param>
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

        Add(() => holder.GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(p => p.PropertyType.IsAssignableTo(typeof(ICatalog)))
            .Select(p => ($"{holder.Name}.{p.Name}.", (ICatalog)p.GetValue(null)!)));
    }

    /// <summary>The catalog that the type belongs to, as the base of its entries or as one of them; <see
    /// langword="null"/> where the type is no component.</summary>
    internal static ICatalog? For(Type type)
    {
        if (!type.IsClass || type == typeof(object))
        {
            return null;
        }

        // A library registers its catalogs in its module initializer. Naming one of its types does not run that yet.
        RuntimeHelpers.RunModuleConstructor(type.Module.ModuleHandle);
        return All.FirstOrDefault(c => c.BaseType.IsAssignableFrom(type));
    }

    /// <summary>How C# registers a type with a catalog: <c>Catalogs.Losses.Register&lt;MyLoss&gt;()</c>. A catalog that
    /// is no static property of a registered type gives the method alone.</summary>
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

        // The list is made outside the lock, because code of others makes the catalogs. A registration meanwhile clears
        // it again.
        List<(string, ICatalog)> all = [.. sources.SelectMany(s => s())];
        lock (Gate)
        {
            return sources.Length == Sources.Count ? known = all : all;
        }
    }

    // A second registration of the same object does nothing.
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
