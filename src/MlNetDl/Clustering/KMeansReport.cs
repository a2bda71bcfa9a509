using System.Text.Json.Serialization;
using MlNetDl.Models;

namespace MlNetDl.Clustering;

/// <summary>How a <see cref="KMeans"/> was found, as the model's file tells it.</summary>
public sealed record KMeansReport
{
    /// <summary>The name under which a package holds it among its assets.</summary>
    public const string Asset = "kmeans.json";

    /// <summary>The training rows nearest to each centre, in the order of the centres.</summary>
    public required ValueList<long> Sizes { get; init; }

    /// <summary>All runs, in order.</summary>
    public required ValueList<KMeansRun> Runs { get; init; }

    /// <summary>The silhouette of the training rows, −1 to 1, or of a sample of them; <see langword="null"/> for one cluster.</summary>
    public double? Silhouette { get; init; }

    /// <summary>The training rows.</summary>
    [JsonIgnore]
    public long Rows => Sizes.Sum();

    /// <summary>The run that was kept: of equal ones the first.</summary>
    [JsonIgnore]
    public KMeansRun Best => Runs.MinBy(r => r.Inertia)!;

    /// <summary>The report of a model; <see langword="null"/> where it is no k-means.</summary>
    /// <exception cref="InvalidDataException">What the package holds is no report.</exception>
    public static KMeansReport? Of(ModelPackage package) => ReportAsset.Read<KMeansReport>(package, Asset, "k-means");

    /// <summary>The report as an asset.</summary>
    internal byte[] ToJson() => ReportAsset.Write(this);
}
