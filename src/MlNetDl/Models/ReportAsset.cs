using System.Text;
using System.Text.Json;
using MlNetDl.Configuration;

namespace MlNetDl.Models;

/// <summary>Reports that a training leaves in a package, as JSON among its assets.</summary>
internal static class ReportAsset
{
    /// <summary>The report of a package; <see langword="null"/> where it has none.</summary>
    /// <param name="package">The package.</param>
    /// <param name="asset">The asset's name.</param>
    /// <param name="what">What it is a report of, for messages.</param>
    /// <exception cref="InvalidDataException">What the package holds is no report.</exception>
    public static T? Read<T>(ModelPackage package, string asset, string what)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(package);
        if (!package.Assets.TryGetValue(asset, out var json))
        {
            return null;
        }

        try
        {
            return RecordJson.Deserialize<T>(Encoding.UTF8.GetString(json));
        }
        catch (Exception e) when (e is JsonException or ConfigurationException or ArgumentException)
        {
            throw new InvalidDataException($"The model's '{asset}' is no report of {what}: {e.Message}", e);
        }
    }

    /// <summary>A report as an asset.</summary>
    public static byte[] Write<T>(T report) => Encoding.UTF8.GetBytes(RecordJson.Serialize(report));
}
