namespace MlNetDl.Metrics;

/// <summary>The share of rows that are predicted right.</summary>
/// <remarks>A row with a NaN among its scores counts as wrong, and so does one whose class the model
/// does not know.</remarks>
public sealed record Accuracy : Metric
{
    /// <inheritdoc/>
    public override string FigureName => "accuracy";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Maximize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form is ScoreForm.Probabilities or ScoreForm.Logit;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) =>
        new MeanRun(form, width, static (in rows, row) => rows.Predicted(row) == rows.Truth(row) ? 1 : 0);
}
