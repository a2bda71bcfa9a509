using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MlNetDl.Clustering;

namespace MlNetDl.MlNet;

/// <summary>The best run of k-means, and how the others went.</summary>
/// <param name="Model">The fitted transformer, ML.NET's own; it adds <c>PredictedLabel</c> and <c>Score</c> (squared distances).</param>
/// <param name="Runs">All runs, in order.</param>
/// <param name="Rows">The rows that were clustered.</param>
/// <param name="Skipped">The rows that were left out, because a feature is missing or infinite.</param>
public sealed record KMeansResult(
    ClusteringPredictionTransformer<KMeansModelParameters> Model, IReadOnlyList<KMeansRun> Runs, long Rows, long Skipped)
{
    /// <summary>The run that was kept: of equal ones the first.</summary>
    public KMeansRun Best => Runs.MinBy(r => r.Inertia)!;

    /// <summary>The centres of the clusters.</summary>
    public IReadOnlyList<float[]> Centers => KMeansRuns.CentersOf(Model);
}

/// <summary>A number of clusters, and what it gives.</summary>
/// <param name="Clusters">The number of clusters.</param>
/// <param name="Inertia">The least inertia of the runs; it falls with the clusters. Where it begins to fall slowly (the elbow), more clusters
/// explain little.</param>
/// <param name="Silhouette">The mean silhouette, −1 to 1, greater is better; <see langword="null"/> for one cluster.</param>
/// <param name="SilhouetteRows">The rows that the silhouette is of.</param>
public sealed record ElbowRow(int Clusters, double Inertia, double? Silhouette, int SilhouetteRows);
