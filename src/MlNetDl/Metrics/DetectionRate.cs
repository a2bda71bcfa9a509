namespace MlNetDl.Metrics;

/// <summary>Detection rate: the share of the rows of yes that are predicted yes, which is the recall of yes.</summary>
public sealed record DetectionRate : YesRate
{
    /// <inheritdoc/>
    public override string FigureName => "detectionRate";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Maximize;

    /// <inheritdoc/>
    protected override int Truth => 1;
}
