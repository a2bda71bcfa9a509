namespace MlNetDl.Metrics;

/// <summary>The share of rows that are predicted right; a row of several labels, where all of them are (subset accuracy).</summary>
/// <remarks>A row with a NaN among its scores counts as wrong, and so does one whose class the model
/// does not know. With many labels hardly a row is right in all; <see cref="HammingLoss"/> counts the labels.</remarks>
public sealed record Accuracy : Metric
{
    /// <inheritdoc/>
    public override string FigureName => "accuracy";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Maximize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form is ScoreForm.Probabilities or ScoreForm.Logit or ScoreForm.Logits;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) =>
        new MeanRun(form, width, form == ScoreForm.Logits ? OfLabels : static (in rows, row) => rows.Predicted(row) == rows.Truth(row) ? 1 : 0);

    private static double OfLabels(in ScoredRows rows, int row)
    {
        for (int label = 0; label < rows.Width; label++)
        {
            if (!rows.IsRight(row, label))
            {
                return 0;
            }
        }

        return 1;
    }
}
