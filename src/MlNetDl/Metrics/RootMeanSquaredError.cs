namespace MlNetDl.Metrics;

/// <summary>
/// Root mean squared error: the root of the mean of (x − y)², in the unit of the label. With several outputs, it is the
/// mean of their roots.
/// </summary>
/// <remarks>A score of NaN makes it NaN.</remarks>
public sealed record RootMeanSquaredError : Metric
{
    /// <inheritdoc/>
    public override string FigureName => "rmse";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Minimize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) =>
        new OutputMeansRun(form, width, static (score, target) => SquaredError.Square(score - target), Math.Sqrt);
}
