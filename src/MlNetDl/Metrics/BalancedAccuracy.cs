namespace MlNetDl.Metrics;

/// <summary>
/// Balanced accuracy: the mean, over the classes that occur in the truth, of the share of their rows that are predicted
/// right. ML.NET calls it macro accuracy, and so do reports.
/// </summary>
/// <remarks>
/// Rows whose class the model does not know are one class of its own, always wrong. A row with a NaN among its scores
/// counts as wrong.
/// </remarks>
public sealed record BalancedAccuracy : Metric
{
    /// <inheritdoc/>
    public override string FigureName => "macroAccuracy";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Maximize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form is ScoreForm.Probabilities or ScoreForm.Logit;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) =>
        new CountsFigureRun(form, width, static counts => Mean(counts));

    private static double Mean(ClassCounts counts)
    {
        double sum = 0;
        int occurring = 0;
        for (int label = 0; label < counts.Count; label++)
        {
            if (counts.Truth[label] > 0)
            {
                sum += counts.Right[label] / counts.Truth[label];
                occurring++;
            }
        }

        return occurring > 0 ? sum / occurring : double.NaN;
    }
}
