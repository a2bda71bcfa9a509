using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>The networks of a model in torch.</summary>
internal static class LoadedNetworks
{
    /// <summary>The networks with their weights, by name. Whoever asks frees them.</summary>
    public static Dictionary<string, TorchNetwork> Of(TrainedModel model, Device device)
    {
        var networks = new Dictionary<string, TorchNetwork>();
        try
        {
            foreach (var (name, network) in model.Networks)
            {
                networks[name] = new TorchNetwork(network, device);
                networks[name].LoadWeights(model.Weights[name]);
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
