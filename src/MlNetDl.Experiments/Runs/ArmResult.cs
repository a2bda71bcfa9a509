using MlNetDl.Compression;

namespace MlNetDl.Experiments;

/// <summary>The result of one arm over its seeds.</summary>
/// <param name="Metrics">Means of the figures.</param>
/// <param name="Ledger">What its model costs: that of the first seed.</param>
public sealed record ArmResult(RunMetrics Metrics, LedgerRow Ledger)
{
    /// <summary>Standard deviations over the seeds; <see langword="null"/> for one.</summary>
    public RunMetrics? StandardDeviations { get; init; }

    /// <summary>The first figure on the test part with each seed, by which arms are compared.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>Epochs of each training.</summary>
    public int Epochs { get; init; }

    /// <summary>Seconds of all trainings.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds of these in which the trainings waited for their data.</summary>
    public double DataSeconds { get; init; }
}
