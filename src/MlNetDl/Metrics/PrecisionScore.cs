namespace MlNetDl.Metrics;

/// <summary>Precision: the share of the rows predicted as a class that are of it.</summary>
public sealed record PrecisionScore : AveragedMetric
{
    /// <inheritdoc/>
    protected override string Noun => "Precision";

    /// <inheritdoc/>
    protected override double OfClass(double right, double truth, double predicted) => Ratio(right, predicted);
}
