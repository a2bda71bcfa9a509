using MlNetDl.Models;

namespace MlNetDl.Compression;

/// <summary>What one model of a <see cref="CompressionLedger"/> costs and can do.</summary>
/// <param name="Name">What the model is called.</param>
/// <param name="Size">Its size.</param>
public sealed record LedgerRow(string Name, ModelSize Size)
{
    /// <summary>The time of one row; <see langword="null"/> where it was not measured.</summary>
    public Latency? Single { get; init; }

    /// <summary>The time of a batch of 64 rows; <see langword="null"/> where it was not measured.</summary>
    public Latency? Batch { get; init; }

    /// <summary>Processor time of 1,000 rows in batches of 64, in seconds; <see langword="null"/> where it was not
    /// measured.</summary>
    public double? CpuSecondsPer1000 => Batch is { } batch ? batch.CpuMilliseconds / batch.Batch : null;

    /// <summary>Multiply–adds of a row in the mean over the rows that were timed, where each row decides which layers compute it;
    /// <see langword="null"/> where all rows take the same layers, and where no rows were given.</summary>
    public double? MeanMacs { get; init; }

    /// <summary>Signal to noise of the rounding at the network's output in decibels, 20·log₁₀(‖y‖ / ‖y − ŷ‖) on calibration rows (SQNR);
    /// <see langword="null"/> where the model is not one of <see cref="Int8"/>.</summary>
    public double? Sqnr { get; init; }

    /// <summary>Figures on the test data by name; means where there are several seeds.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Standard deviations over the seeds, by name; empty for one seed.</summary>
    public IReadOnlyDictionary<string, double> StandardDeviations { get; init; } = new Dictionary<string, double>();

    /// <summary>How many seeds the figures are of.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Epochs of all its trainings; <see langword="null"/> where they are not known. Models that were trained for longer
    /// are no fair comparison.</summary>
    public int? Epochs { get; init; }

    /// <summary>The comparison of the first figure with that of another row, in words; <see langword="null"/> for the first row, and
    /// where one seed gives nothing to compare.</summary>
    public string? Comparison { get; init; }

    /// <summary>How often it predicts the same class, or set of labels, as the model of another row; <see langword="null"/> for the first row, for
    /// tasks without classes, and where it was not looked at.</summary>
    public Agreement? Agreement { get; init; }
}
