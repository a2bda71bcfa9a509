using System.Collections;
using System.Text.Json.Serialization.Metadata;

namespace MlNetDl.Configuration;

/// <summary>Refuses components that are in no catalog. Models, checkpoints and configurations name their components, so
/// these could not be written.</summary>
internal static class RegisteredComponents
{
    /// <summary>Checks a record and all that it is made of.</summary>
    /// <param name="record">The record; <see langword="null"/> passes.</param>
    /// <param name="path">The path of the record, for the message.</param>
    /// <exception cref="ArgumentException">A component is in no catalog; the message says how to register it.</exception>
    public static void Check(object? record, string path)
    {
        if (record is null or string or IEnumerable<float> or IEnumerable<double> or IEnumerable<int> or IEnumerable<long> || record.GetType() is { IsPrimitive: true } or { IsEnum: true })
        {
            return;
        }

        if (record is IEnumerable elements)
        {
            int index = 0;
            foreach (var element in elements)
            {
                Check(element, $"{path}[{index++}]");
            }

            return;
        }

        CheckComponent(record.GetType(), path);
        var info = RecordJson.Options.GetTypeInfo(record.GetType());
        foreach (var member in info.Kind == JsonTypeInfoKind.Object ? info.Properties.Where(RecordChecker.Settable) : [])
        {
            Check(member.Get?.Invoke(record), RecordChecker.Below(path, member.Name));
        }
    }

    private static void CheckComponent(Type type, string path)
    {
        if (CatalogRegistry.For(type) is { } catalog && catalog.EntryOf(type) is null)
        {
            var place = path.Length == 0 ? "" : $"{path}: ";
            throw new ArgumentException($"{place}the {catalog.Kind} {type.Name} is in no catalog, so nothing that is saved could name it; "
                + $"register it before it is used: {CatalogRegistry.PlaceOf(catalog)}Register<{type.Name}>().");
        }
    }
}
