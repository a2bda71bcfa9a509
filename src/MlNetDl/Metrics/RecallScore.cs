namespace MlNetDl.Metrics;

/// <summary>Recall: the share of the rows of a class that are predicted as it.</summary>
public sealed record RecallScore : AveragedMetric
{
    private protected override string Noun => "Recall";

    private protected override double OfClass(double right, double truth, double predicted) => Ratio(right, truth);
}
