namespace MlNetDl.Metrics;

/// <summary>
/// Mean absolute percentage error: the mean of |x − y| / |y|, as a share (1 is 100 %). Several outputs are averaged.
/// </summary>
/// <remarks>
/// A truth nearer to 0 than 2⁻⁵² is taken to be 2⁻⁵², as in scikit-learn: one such row makes the figure huge unless it
/// is met exactly. A score of NaN makes it NaN.
/// </remarks>
public sealed record AbsolutePercentageError : Metric
{
    // The distance from 1 to the next double.
    private const double Least = 1.0 / (1L << 52);

    /// <inheritdoc/>
    public override string FigureName => "mape";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Minimize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) =>
        new OutputMeansRun(form, width, static (score, target) => Math.Abs(score - target) / Math.Max(Math.Abs((double)target), Least));
}
