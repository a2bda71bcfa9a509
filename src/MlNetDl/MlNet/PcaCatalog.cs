using MlNetDl.Decomposition;
using MlNetDl.MlNet;
using MlNetDl.MlNet.Internals;

namespace Microsoft.ML;

/// <summary>Exact principal component analysis in ML.NET's catalog of transforms.</summary>
public static class PcaCatalog
{
    /// <summary>Principal component analysis, exact and in one pass. Adds the column <see cref="Pca.ComponentColumn"/>; ML.NET's own
    /// <c>ProjectToPrincipalComponents</c> is randomised.</summary>
    /// <param name="catalog">The catalog of transforms.</param>
    /// <param name="components">The number of components, 1 or more, at most the features and the rows.</param>
    /// <param name="featureColumnName">A vector of Single, or an image.</param>
    /// <param name="whiten">Whether coordinates are divided by their standard deviation.</param>
    /// <exception cref="ArgumentException">There is to be no component.</exception>
    public static NeuralNetworkTrainer Pca(
        this TransformsCatalog catalog, int components, string featureColumnName = "Features", bool whiten = false) =>
        catalog.Pca(new Pca { Components = components, Whiten = whiten }, featureColumnName);

    /// <summary>Principal component analysis with all settings.</summary>
    /// <param name="catalog">The catalog of transforms.</param>
    /// <param name="pca">The settings.</param>
    /// <param name="featureColumnName">A vector of Single, or an image.</param>
    public static NeuralNetworkTrainer Pca(this TransformsCatalog catalog, Pca pca, string featureColumnName = "Features")
    {
        ArgumentNullException.ThrowIfNull(pca);
        return new(HostAccess.Environment(catalog), null, new() { Network = pca, FeatureColumnName = featureColumnName });
    }
}
