using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.MlNet;

namespace Microsoft.ML;

/// <summary>New rows from a mixture of codes in place of the prior.</summary>
public static class MixtureExtensions
{
    /// <summary>A mixture of normal distributions fitted to the codes of rows, for <c>fitted.Generate(64, seed, sampler)</c>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The fitted model, or a chain that ends with it.</param>
    /// <param name="data">The rows that it was trained on, with the columns of the training.</param>
    /// <param name="options">The settings; the defaults where <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The model is no variational autoencoder, or the rows do not suit it or the settings.</exception>
    public static GaussianMixture Mixture(this GenerationCatalog catalog, ITransformer model, IDataView data, MixtureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        var chain = NetworkInChain.Of(model);
        using var vae = VaeModel.Of(chain.Network.Package);
        using var encoder = chain.Network.WithGraph(Vae.Encode);
        var rows = FeatureRows.All(chain.Input(data), encoder);
        return vae.FitMixture(new Examples(vae.Input, rows), options);
    }

    /// <summary>Draws codes from a mixture and decodes them: rows in the units of the features.</summary>
    /// <param name="model">The fitted model.</param>
    /// <param name="count">How many rows, 0 or more.</param>
    /// <param name="seed">The same seed gives the same rows everywhere.</param>
    /// <param name="sampler">The mixture of its codes.</param>
    /// <exception cref="ArgumentException">The model is no variational autoencoder, or the mixture is of other codes.</exception>
    public static IReadOnlyList<float[]> Generate(this NeuralNetworkTransformer model, int count, int seed, GaussianMixture sampler)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var vae = VaeModel.Of(model.Package);
        return [.. vae.Generate(count, seed, sampler).Chunk(vae.Width)];
    }
}
