namespace MlNetDl.Metrics;

/// <summary>
/// Mean squared error: the mean of (x − y)², in the square of the unit of the label. Several outputs are averaged.
/// </summary>
/// <remarks>A score of NaN makes it NaN.</remarks>
public sealed record SquaredError : Metric
{
    /// <inheritdoc/>
    public override string FigureName => "mse";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Minimize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) =>
        new OutputMeansRun(form, width, static (score, target) => Square(score - target));

    internal static double Square(double error) => error * error;
}
