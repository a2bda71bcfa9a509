namespace MlNetDl.Metrics;

/// <summary>Recall: the share of the rows of a class that are predicted as it.</summary>
public sealed record RecallScore : AveragedMetric
{
    /// <inheritdoc/>
    protected override string Noun => "Recall";

    /// <inheritdoc/>
    protected override double OfClass(double right, double truth, double predicted) => Ratio(right, truth);
}
