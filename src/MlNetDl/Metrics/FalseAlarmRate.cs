namespace MlNetDl.Metrics;

/// <summary>False-alarm rate: the share of the rows of no that are predicted yes, which is 1 minus the recall of no.</summary>
public sealed record FalseAlarmRate : YesRate
{
    /// <inheritdoc/>
    public override string FigureName => "falseAlarmRate";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Minimize;

    /// <inheritdoc/>
    protected override int Truth => 0;
}
