using MlNetDl.Networks;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>The networks of a model in torch.</summary>
internal static class LoadedNetworks
{
    /// <summary>The networks with their weights, by name. Whoever asks frees them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="device">Where the networks are.</param>
    /// <param name="frozen">The paths of layers that stay as they are; none by default.</param>
    public static Dictionary<string, TorchNetwork> Of(TrainedModel model, Device device, IReadOnlySet<string>? frozen = null)
    {
        var networks = new Dictionary<string, TorchNetwork>();
        try
        {
            foreach (var (name, network) in model.Networks)
            {
                networks[name] = new TorchNetwork(network, device);
                networks[name].LoadWeights(model.Weights[name]);
                // A stage may have put several layers in the place of one.
                networks[name].Freeze(layer => frozen?.Any(path => NetworkHead.IsIn(layer, path)) == true);
            }

            return networks;
        }
        catch
        {
            networks.Values.ToList().ForEach(n => n.Dispose());
            throw;
        }
    }
}
