namespace MlNetDl.Metrics;

/// <summary>Mean absolute error: the mean of |x − y|, in the unit of the label. Several outputs are averaged.</summary>
/// <remarks>A score of NaN makes it NaN.</remarks>
public sealed record AbsoluteError : Metric
{
    /// <inheritdoc/>
    public override string FigureName => "mae";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Minimize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) =>
        new OutputMeansRun(form, width, static (score, target) => Math.Abs(score - target));
}
