namespace MlNetDl.Tests.Docs;

// The lines between the marks stand in docs/generation.md, word for word; ReadmeTests makes sure of it, and runs them.
// <example>
using Microsoft.ML;
using MlNetDl.Clustering;
using MlNetDl.Decomposition;
using MlNetDl.MlNet;

public static class ReadmeClustering
{
    public static (PcaReport Pca, ClusterReport Clusters) Run(MLContext ml, IDataView data)   // Features: a vector; Digit: a text
    {
        using var pca = ml.Transforms.Pca(components: 20).Fit(data);
        var kept = PcaReport.Of(pca.Package)!;          // ExplainedVarianceRatio, SingularValues, Variances
        var projected = pca.Transform(data);            // Components: 20 coordinates a row

        foreach (var row in ml.Clustering.Elbow(projected, from: 8, to: 12, new() { FeatureColumnName = "Components", Restarts = 3 }))
        {
            Console.WriteLine($"{row.Clusters} clusters: inertia {row.Inertia:N0}, silhouette {row.Silhouette:0.000}");
        }

        var clusters = ml.Clustering.Trainers.KMeansRestarts(clusters: 10, restarts: 10, "Components").Fit(projected);
        return (kept, ml.Clustering.Report(clusters.Transform(projected), "Components", classColumnName: "Digit"));
    }
}
// </example>
