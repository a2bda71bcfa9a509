using MlNetDl.Analysis;
using MlNetDl.Generative;
using MlNetDl.MlNet;

namespace MlNetDl.Experiments;

/// <summary>Models whose first graph makes codes, such as those of <c>vae</c> and <c>pca</c>.</summary>
internal static class SavedEncoder
{
    /// <summary>Refuses models that make no codes.</summary>
    /// <param name="network">The model.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="InvalidDataException">It makes none.</exception>
    public static void Require(NeuralNetworkTransformer network, string name)
    {
        if (network.Graph is not { Role: Vae.Encode, Outputs: [{ Name: Network.DefaultOutput }, ..] })
        {
            throw new InvalidDataException($"{name} does not encode (its first graph is '{network.Graph.Name}'); give a model of network: vae, pca or "
                + "another with codes.");
        }

        if (network.Graph.Inputs.Count > 1)
        {
            throw new InvalidDataException($"{name} is told the class of each row, and codes of rows alone are not to be had of it; give a model that is "
                + "told none.");
        }
    }
}
