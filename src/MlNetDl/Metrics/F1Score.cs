namespace MlNetDl.Metrics;

/// <summary>F1: the harmonic mean of precision and recall, 2·right / (of the class + predicted as it).</summary>
public sealed record F1Score : AveragedMetric
{
    /// <inheritdoc/>
    protected override string Noun => "F1";

    /// <inheritdoc/>
    protected override double OfClass(double right, double truth, double predicted) =>
        Ratio(2 * right, truth + predicted);
}
