using MlNetDl.Models;

namespace MlNetDl.Generative;

/// <summary>How the threshold of an anomaly detector was chosen, as the model's file tells it.</summary>
public sealed record AnomalyReport
{
    /// <summary>The name under which a package holds it among its assets.</summary>
    public const string Asset = "anomaly.json";

    /// <summary>The score above which a row is strange.</summary>
    public required double Threshold { get; init; }

    /// <summary>The share of normal rows that may be called strange, as it was asked for.</summary>
    public required double FalseAlarms { get; init; }

    /// <summary>The rows that the threshold was chosen on.</summary>
    public required int Rows { get; init; }

    /// <summary>How many of them lie above it.</summary>
    public required int Alarms { get; init; }

    /// <summary>Whether these rows were held out. If not, the training has seen them, and fresh rows have more false alarms.</summary>
    public required bool AreHeldOut { get; init; }

    /// <summary>The variance that scores are computed with, where the likelihood takes it from errors: the mean squared error of these rows.
    /// <see langword="null"/> otherwise.</summary>
    public double? ErrorVariance { get; init; }

    /// <summary>The report of a model; <see langword="null"/> where it detects no anomalies.</summary>
    /// <exception cref="InvalidDataException">The asset of the package is no such report.</exception>
    public static AnomalyReport? Of(ModelPackage package) => ReportAsset.Read<AnomalyReport>(package, Asset, "an anomaly detector");

    /// <summary>The report as an asset.</summary>
    internal byte[] ToJson() => ReportAsset.Write(this);
}
