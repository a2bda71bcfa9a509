using System.Globalization;

namespace MlNetDl.Clustering;

/// <summary>Figures of a clustering of rows, whatever made it.</summary>
public sealed record ClusterReport
{
    /// <summary>Rows for which a silhouette is exact by default: 2,000, whose 2 million distances take less than a second.</summary>
    public const int DefaultSilhouetteRows = 2000;

    /// <summary>The rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The clusters that have a row.</summary>
    public required int Clusters { get; init; }

    /// <summary>The sum of the squared distances of rows to the mean of their cluster, in the features' units squared; 0 or more, less is
    /// tighter. It falls with the number of clusters.</summary>
    public required double Inertia { get; init; }

    /// <summary>The mean <see cref="Clustering.Silhouette"/>, −1 to 1; <see langword="null"/> where there are not two clusters among the rows
    /// that it is of.</summary>
    public required double? Silhouette { get; init; }

    /// <summary>The rows that the silhouette is of: all, or a sample.</summary>
    public required int SilhouetteRows { get; init; }

    /// <summary>How the clusters agree with known classes; <see langword="null"/> where none are known.</summary>
    public ClusterMatch? Match { get; init; }

    /// <summary>The figures.</summary>
    /// <param name="rows">The rows, of one length.</param>
    /// <param name="clusters">The cluster of each row, any numbers.</param>
    /// <param name="classes">The class of each row, any numbers; <see langword="null"/> where they are not known.</param>
    /// <param name="silhouetteRows">The most rows that the silhouette is of, 2 or more; of more rows it is that of a sample.</param>
    /// <param name="seed">Chooses the sample.</param>
    /// <exception cref="ArgumentException">There are no rows, or not one cluster and class for each.</exception>
    public static ClusterReport Of(
        IReadOnlyList<float[]> rows,
        IReadOnlyList<int> clusters,
        IReadOnlyList<int>? classes = null,
        int silhouetteRows = DefaultSilhouetteRows,
        int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(silhouetteRows, 2);
        if (rows.Count == 0)
        {
            throw new ArgumentException("There are no rows, so there is nothing to tell of their clusters.", nameof(rows));
        }

        var (own, numbers) = Numbered.Of(rows.Count, clusters);
        var (silhouette, count) = SampledSilhouette(rows, own, silhouetteRows, seed);
        return new()
        {
            Rows = rows.Count,
            Clusters = numbers.Count,
            Inertia = Distances.Inertia(rows, own, numbers.Count),
            Silhouette = silhouette,
            SilhouetteRows = count,
            Match = classes is null ? null : ClusterMatch.Of(clusters, classes),
        };
    }

    /// <summary>The mean silhouette of rows, or of a sample of them, and of how many; <see langword="null"/> where there are not two
    /// clusters.</summary>
    internal static (double? Silhouette, int Rows) SampledSilhouette(
        IReadOnlyList<float[]> rows, IReadOnlyList<int> clusters, int most = DefaultSilhouetteRows, int seed = 1)
    {
        int[] sample = [.. Enumerable.Range(0, rows.Count)];
        if (rows.Count > most)
        {
            new Random(seed).Shuffle(sample);
            sample = [.. sample.Take(most).Order()];
        }

        int[] own = [.. sample.Select(i => clusters[i])];
        return (own.Distinct().Count() < 2 ? null : Clustering.Silhouette.Of([.. sample.Select(i => rows[i])], own), sample.Length);
    }

    /// <summary>The figures in a line.</summary>
    public override string ToString()
    {
        var silhouette = Silhouette is not { } value ? "no silhouette, as there are not two clusters"
            : string.Create(CultureInfo.InvariantCulture, $"silhouette {value:0.0000}"
                + $"{(SilhouetteRows < Rows ? string.Create(CultureInfo.InvariantCulture, $" (of {SilhouetteRows:N0} sampled rows)") : "")}");
        var match = Match is null ? ""
            : string.Create(CultureInfo.InvariantCulture, $", accuracy {Match.Accuracy:0.00%}, purity {Match.Purity:0.00%}");
        return string.Create(CultureInfo.InvariantCulture, $"{Rows:N0} rows in {Clusters:N0} clusters, inertia {Inertia:G6}, {silhouette}{match}");
    }
}
