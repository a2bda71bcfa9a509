namespace MlNetDl.Metrics;

/// <summary>
/// Brier score: of logits the mean of (p − y)², where p is the probability of yes; of classes the mean of the sum over
/// the classes of (pₖ − yₖ)²; of several labels the mean over them; 0 is perfect (Brier 1950).
/// </summary>
/// <remarks>
/// So it is 0 to 1 of yes and no, which is half of the sum over the two classes, and 0 to 2 of classes: scikit-learn's
/// <c>scale_by_half="auto"</c>. A class that the model does not know is one more class, with probability 0. A score of
/// NaN makes it NaN.
/// </remarks>
public sealed record BrierScore : Metric
{
    /// <inheritdoc/>
    public override string FigureName => "brierScore";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Minimize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form is ScoreForm.Probabilities or ScoreForm.Logit or ScoreForm.Logits;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) => form switch
    {
        ScoreForm.Logits => new LabelRuns(width, Averaging.Micro, () => Begin(ScoreForm.Logit, 1)),
        ScoreForm.Logit => new MeanRun(form, width, static (in rows, row) => Squares(rows, row) / 2),
        _ => new MeanRun(form, width, Squares),
    };

    private static double Squares(in ScoredRows rows, int row)
    {
        int truth = rows.Truth(row);
        double sum = truth == ScoredRows.UnknownClass ? 1 : 0;
        for (int k = 0; k < rows.ClassCount; k++)
        {
            double error = rows.Probability(row, k) - (k == truth ? 1 : 0);
            sum += error * error;
        }

        return sum;
    }
}
