namespace MlNetDl.Clustering;

/// <summary>How well clusters agree with known classes.</summary>
/// <remarks>Clusters have no names, so they are matched with classes first: each with one class at most, so that as many rows as possible
/// agree (<see cref="Assignment"/>).</remarks>
public sealed record ClusterMatch
{
    /// <summary>The share of the rows whose cluster is matched with their class, 0 to 1. Rows of clusters without a class count as
    /// wrong.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The share of the rows that are of the most frequent class of their cluster, 0 to 1. It rises with the number of
    /// clusters: it is 1 where each row is one.</summary>
    public required double Purity { get; init; }

    /// <summary>The class with which each cluster is matched, by the cluster's number; clusters without one are absent.</summary>
    public required IReadOnlyDictionary<int, int> ClassOf { get; init; }

    /// <summary>Compares clusters with classes.</summary>
    /// <param name="clusters">The cluster of each row, any numbers.</param>
    /// <param name="classes">The class of each row, any numbers.</param>
    /// <exception cref="ArgumentException">There are no rows, or not one class for each.</exception>
    public static ClusterMatch Of(IReadOnlyList<int> clusters, IReadOnlyList<int> classes)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        if (clusters.Count == 0)
        {
            throw new ArgumentException("There are no rows whose clusters could be compared with classes.", nameof(clusters));
        }

        var (own, ownNumbers) = Numbered.Of(clusters.Count, clusters);
        var (truth, truthNumbers) = Numbered.Of(clusters.Count, classes);
        var counts = new double[ownNumbers.Count, truthNumbers.Count];
        foreach (var (i, cluster) in own.Index())
        {
            // Less is better to an assignment.
            counts[cluster, truth[i]]--;
        }

        var best = Assignment.Best(counts);
        return new()
        {
            Accuracy = -best.Index().Where(b => b.Item >= 0).Sum(b => counts[b.Index, b.Item]) / clusters.Count,
            Purity = -Enumerable.Range(0, ownNumbers.Count).Sum(c => Enumerable.Range(0, truthNumbers.Count).Min(t => counts[c, t])) / clusters.Count,
            ClassOf = best.Index().Where(b => b.Item >= 0).ToDictionary(b => ownNumbers[b.Index], b => truthNumbers[b.Item]),
        };
    }
}
