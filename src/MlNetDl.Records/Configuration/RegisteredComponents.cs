using System.Collections;
using System.Text.Json.Serialization.Metadata;

namespace MlNetDl.Configuration;

/// <summary>Finds components that no catalog has.</summary>
internal static class RegisteredComponents
{
    /// <summary>Refuses a record that must be found by name later, if a component that it is made
    /// of has none.</summary>
    /// <param name="record">The record; nothing is done without one.</param>
    /// <param name="path">Where it stands, for the message.</param>
    /// <param name="reason">Who looks the name up, as a sentence's end.</param>
    /// <exception cref="ArgumentException">A component is in no catalog; the message says how to register
    /// it.</exception>
    public static void Check(object? record, string path, string reason)
    {
        foreach (var (at, type, catalog) in Missing(record, path))
        {
            throw new ArgumentException($"{at}: the {catalog.Kind} {type.Name} is in no catalog, but {reason}; "
                + $"register it before it is used: {CatalogRegistry.CallOf(catalog, type.Name)}.");
        }
    }

    /// <summary>The components that no catalog has, and where they stand.</summary>
    public static IEnumerable<(string Path, Type Type, ICatalog Catalog)> Missing(object? record, string path)
    {
        if (record is null or string or IEnumerable<float> or IEnumerable<double> or IEnumerable<int> or IEnumerable<long>
            || record.GetType() is { IsPrimitive: true } or { IsEnum: true })
        {
            return [];
        }

        return record is IDictionary map ? map.Keys.Cast<object>().SelectMany(key => Missing(map[key], RecordChecker.Below(path, $"{key}")))
            : record is IEnumerable elements ? elements.Cast<object?>().SelectMany((element, i) => Missing(element, $"{path}[{i}]"))
            : Component(record.GetType(), path).Concat(Members(record, path));
    }

    private static IEnumerable<(string Path, Type Type, ICatalog Catalog)> Component(Type type, string path) =>
        CatalogRegistry.For(type) is { } catalog && catalog.EntryOf(type) is null ? [(path, type, catalog)] : [];

    private static IEnumerable<(string Path, Type Type, ICatalog Catalog)> Members(object record, string path)
    {
        var info = RecordJson.Options.GetTypeInfo(record.GetType());
        return info.Kind != JsonTypeInfoKind.Object ? [] : info.Properties.Where(RecordMembers.Settable)
            .SelectMany(member => Missing(member.Get?.Invoke(record), RecordChecker.Below(path, member.Name)));
    }
}
