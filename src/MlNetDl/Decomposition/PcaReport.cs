using System.Text.Json.Serialization;
using MlNetDl.Models;

namespace MlNetDl.Decomposition;

/// <summary>The variances that a <see cref="Pca"/> found, as the model's file tells them.</summary>
public sealed record PcaReport
{
    /// <summary>The name under which a package holds it among its assets.</summary>
    public const string Asset = "pca.json";

    /// <summary>The number of components that are kept.</summary>
    public required int Components { get; init; }

    /// <summary>The training rows.</summary>
    public required long Rows { get; init; }

    /// <summary>The variance along each component, descending, for all of them, also those that are not kept: of n rows a sum of squares over
    /// n − 1.</summary>
    public required ValueList<double> Variances { get; init; }

    /// <summary>Whether coordinates have variance 1.</summary>
    public bool IsWhitened { get; init; }

    /// <summary>Whether features were divided by their standard deviations.</summary>
    public bool IsStandardized { get; init; }

    /// <summary>The variances of the components that are kept.</summary>
    [JsonIgnore]
    public ValueList<double> ExplainedVariance => [.. Variances.Take(Components)];

    /// <summary>Their shares of the variance of all, each 0 to 1.</summary>
    [JsonIgnore]
    public ValueList<double> ExplainedVarianceRatio
    {
        get
        {
            double all = Variances.Sum();
            return [.. ExplainedVariance.Select(v => v / all)];
        }
    }

    /// <summary>The singular values of the centred data matrix that belong to them: √(variance · (rows − 1)).</summary>
    [JsonIgnore]
    public ValueList<double> SingularValues => [.. ExplainedVariance.Select(v => Math.Sqrt(v * (Rows - 1)))];

    /// <summary>The report of a model; <see langword="null"/> where it is no PCA.</summary>
    /// <exception cref="InvalidDataException">What the package holds is no report.</exception>
    public static PcaReport? Of(ModelPackage package) => ReportAsset.Read<PcaReport>(package, Asset, "a PCA");

    /// <summary>The report as an asset.</summary>
    internal byte[] ToJson() => ReportAsset.Write(this);
}
