using MlNetDl.Clustering;
using MlNetDl.MlNet;
using MlNetDl.MlNet.Internals;

namespace Microsoft.ML;

/// <summary>K-means with restarts, and figures of clusterings, in ML.NET's catalog.</summary>
public static class KMeansCatalog
{
    /// <summary>K-means from several starts, of which the best is kept. Adds <c>PredictedLabel</c> (key) and <c>Score</c> (squared
    /// distances to the centres).</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="clusters">The number of clusters, 1 or more, at most the different rows.</param>
    /// <param name="restarts">How often it begins anew, 1 or more.</param>
    /// <param name="featureColumnName">A vector of Single.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static KMeansRestartsTrainer KMeansRestarts(
        this ClusteringCatalog.ClusteringTrainers catalog, int clusters, int restarts = 10, string featureColumnName = "Features") =>
        catalog.KMeansRestarts(new KMeansRestartsOptions
        {
            Clusters = clusters,
            Restarts = restarts,
            FeatureColumnName = featureColumnName,
        });

    /// <summary>K-means from several starts, with all settings.</summary>
    /// <param name="catalog">The catalog of trainers.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static KMeansRestartsTrainer KMeansRestarts(this ClusteringCatalog.ClusteringTrainers catalog, KMeansRestartsOptions options) =>
        new(HostAccess.Environment(catalog), options);

    /// <summary>Figures of clustered data: inertia, silhouette, and accuracy and purity where the classes are known.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The data with its clusters, of any clustering trainer.</param>
    /// <param name="featureColumnName">A vector of Single.</param>
    /// <param name="classColumnName">The known classes, a key, text, a Boolean or a number; <see langword="null"/>, the default, where
    /// there are none. Rows without a class are then left out.</param>
    /// <param name="clusterColumnName">The clusters, a key.</param>
    /// <param name="silhouetteRows">The most rows that the silhouette is of, 2 or more; of more rows it is that of a sample.</param>
    /// <param name="seed">Chooses the sample.</param>
    /// <exception cref="ArgumentException">A column is absent or of another type, or there is no usable row.</exception>
    public static ClusterReport Report(
        this ClusteringCatalog catalog,
        IDataView data,
        string featureColumnName = "Features",
        string? classColumnName = null,
        string clusterColumnName = "PredictedLabel",
        int silhouetteRows = ClusterReport.DefaultSilhouetteRows,
        int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        var (rows, clusters, classes) = ClusterRows.Clustered(data, featureColumnName, clusterColumnName, classColumnName);
        return ClusterReport.Of(rows, clusters, classes, silhouetteRows, seed);
    }

    /// <summary>K-means with several numbers of clusters, to choose one: the inertia falls slowly behind the elbow, and the silhouette is
    /// greatest for clusters that lie apart.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The data.</param>
    /// <param name="from">The least number of clusters, 1 or more.</param>
    /// <param name="to">The greatest, <paramref name="from"/> or more.</param>
    /// <param name="options">The other settings; the defaults where <see langword="null"/>.</param>
    /// <param name="silhouetteRows">The most rows that the silhouette is of, 2 or more; of more rows it is that of a sample.</param>
    /// <exception cref="ArgumentException">The column of features is absent or of the wrong type, or there are fewer different rows than
    /// clusters.</exception>
    public static IReadOnlyList<ElbowRow> Elbow(
        this ClusteringCatalog catalog,
        IDataView data,
        int from = 2,
        int to = 10,
        KMeansRestartsOptions? options = null,
        int silhouetteRows = ClusterReport.DefaultSilhouetteRows)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        var settings = options ?? new();
        var (rows, skipped) = ClusterRows.Features(data, settings.FeatureColumnName);
        return [.. Enumerable.Range(from, to - from + 1).Select(k =>
        {
            var found = catalog.Trainers.KMeansRestarts(settings with { Clusters = k }).Run(rows, skipped);
            var report = ClusterReport.Of(rows, Distances.Nearest(rows, found.Centers), null, silhouetteRows);
            return new ElbowRow(k, found.Best.Inertia, report.Silhouette, report.SilhouetteRows);
        })];
    }
}
