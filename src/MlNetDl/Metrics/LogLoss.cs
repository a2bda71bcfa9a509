namespace MlNetDl.Metrics;

/// <summary>Log loss, or cross-entropy: the mean of −ln p, where p is the probability of the class that is true;
/// 0 is perfect. Of several labels, the mean over them.</summary>
/// <remarks>
/// Probabilities are taken to be 1e-15 or more, as in scikit-learn before version 1.2, so that one row cannot make it
/// infinite; rows are not scaled to a sum of 1. A logit needs no clipping: −ln σ(x) = max(−x, 0) + ln(1 + e^−|x|). A
/// class that the model does not know has the probability 1e-15. A score of NaN makes it NaN.
/// </remarks>
public sealed record LogLoss : Metric
{
    private const double Least = 1e-15;

    /// <inheritdoc/>
    public override string FigureName => "logLoss";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Minimize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form is ScoreForm.Probabilities or ScoreForm.Logit or ScoreForm.Logits;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) => form switch
    {
        ScoreForm.Logits => new LabelRuns(width, Averaging.Micro, () => Begin(ScoreForm.Logit, 1)),
        ScoreForm.Logit => new MeanRun(form, width, OfLogit),
        _ => new MeanRun(form, width, OfProbability),
    };

    private static double OfProbability(in ScoredRows rows, int row) => rows.Predicted(row) == ScoredRows.NoPrediction
        ? double.NaN
        : -Math.Log(Math.Max(rows.Probability(row, rows.Truth(row)), Least));

    private static double OfLogit(in ScoredRows rows, int row)
    {
        double logit = rows.Scores[row];
        int truth = rows.Truth(row);
        if (truth == ScoredRows.UnknownClass)
        {
            return double.IsNaN(logit) ? logit : -Math.Log(Least);
        }

        double of = truth == 1 ? logit : -logit;
        return Math.Max(-of, 0) + Math.Log(1 + Math.Exp(-Math.Abs(of)));
    }
}
