using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Models;
using MlNetDl.Networks;

namespace MlNetDl.Compression;

/// <summary>The architecture of a saved model, to be trained anew from fresh weights: the control of every model that was
/// made smaller.</summary>
public static class SavedArchitecture
{
    /// <summary>The network of a model without its weights and without the standardisation that its training put before it, which a
    /// new training adds. A <see cref="Normalize"/> of the network's own stays.</summary>
    /// <exception cref="ArgumentException">The model has several networks, or does not describe its network.</exception>
    /// <exception cref="ConfigurationException">It has a layer that is not registered here.</exception>
    public static CustomNetwork Of(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Manifest.Networks.Count != 1)
        {
            throw new ArgumentException(package.Manifest.Networks.Count == 0
                ? "The model holds no description of its network, so the same cannot be built anew."
                : $"The model has several networks ({string.Join(", ", package.Manifest.Networks.Keys)}); only one can be built anew.");
        }

        var root = RecordJson.Deserialize<Network>(package.Manifest.Networks.Values.Single().GetRawText()).Root;
        return new()
        {
            Layers = root is Sequential sequence
                ? sequence with { Children = [.. sequence.Children.Where(c => c is not Normalize { Name: Normalize.Preprocessing })] }
                : root,
        };
    }
}
