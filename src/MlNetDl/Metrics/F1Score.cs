namespace MlNetDl.Metrics;

/// <summary>F1: the harmonic mean of precision and recall, 2·right / (of the class + predicted as it).</summary>
public sealed record F1Score : AveragedMetric
{
    private protected override string Noun => "F1";

    private protected override double OfClass(double right, double truth, double predicted) =>
        Ratio(2 * right, truth + predicted);
}
