using MlNetDl.Clustering;
using MlNetDl.Data;
using MlNetDl.MlNet;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>How a saved k-means does on rows: inertia and silhouette, and where classes are known purity and accuracy.</summary>
/// <param name="Values">The figures by name.</param>
/// <param name="Rows">The rows that they are of: those with finite features.</param>
internal sealed record ClusterFigures(IReadOnlyDictionary<string, double> Values, int Rows)
{
    /// <summary>The figures on examples; labels are compared with, and nothing is chosen by them.</summary>
    public static ClusterFigures Of(NeuralNetworkTransformer network, Examples examples)
    {
        var values = new float[checked(examples.Count * (int)examples.Shape.ElementsPerExample())];
        examples.CopyTo(0, examples.Count, values);
        var classes = examples.Targets is long[] targets ? Array.ConvertAll(targets, t => (int)t) : null;
        var scores = network.Score(examples);
        return Of(
            network.Package,
            [.. values.Chunk(values.Length / Math.Max(1, examples.Count))],
            [.. scores.Chunk(scores.Length / Math.Max(1, examples.Count))],
            classes);
    }

    /// <summary>The figures on rows.</summary>
    /// <param name="package">The model.</param>
    /// <param name="rows">The rows as the model takes them.</param>
    /// <param name="distances">The squared distances of each to the centres.</param>
    /// <param name="classes">The class of each; <see langword="null"/> where they are not known.</param>
    /// <exception cref="InvalidDataException">No row has features that are all finite.</exception>
    public static ClusterFigures Of(
        ModelPackage package, IReadOnlyList<float[]> rows, IReadOnlyList<float[]> distances, IReadOnlyList<int>? classes)
    {
        int[] usable = [.. Enumerable.Range(0, rows.Count).Where(i => Array.TrueForAll(distances[i], float.IsFinite))];
        if (usable.Length == 0)
        {
            throw new InvalidDataException($"None of {rows.Count} rows has finite features, so there is no cluster to tell of.");
        }

        var scale = Scale(package);
        int[] nearest = [.. usable.Select(i => Array.IndexOf(distances[i], distances[i].Min()))];
        var report = ClusterReport.Of(
            [.. usable.Select(i => scale(rows[i]))], nearest, classes is null ? null : [.. usable.Select(i => classes[i])]);
        double inertia = usable.Sum(i => (double)distances[i].Min());
        var figures = new Dictionary<string, double> { ["loss"] = inertia / usable.Length, ["inertia"] = inertia };
        if (report.Silhouette is { } silhouette)
        {
            figures["silhouette"] = silhouette;
        }

        if (report.Match is { } match)
        {
            (figures["accuracy"], figures["purity"]) = (match.Accuracy, match.Purity);
        }

        return new(figures, usable.Length);
    }

    // Silhouettes are of the features that were clustered: standardised ones where the model says so, each by its channel's numbers.
    private static Func<float[], float[]> Scale(ModelPackage package)
    {
        var weights = package.ReadWeights();
        if (!weights.Contains("preprocessing.mean"))
        {
            return row => row;
        }

        var (mean, scale) = (weights["preprocessing.mean"].Data, weights["preprocessing.scale"].Data);
        return row => [.. row.Select((v, i) => (v - mean[i * mean.Length / row.Length]) * scale[i * scale.Length / row.Length])];
    }
}
