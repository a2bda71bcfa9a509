namespace MlNetDl.Metrics;

/// <summary>
/// Matthews correlation coefficient of truth and prediction, −1 to 1, 0 for chance (Matthews 1975; for more than two
/// classes Gorodkin 2004, R_K).
/// </summary>
/// <remarks>
/// 0, as in scikit-learn, where truth or prediction is one class only. A class that the model does not know, and the
/// missing prediction of a row with a NaN among its scores, are classes of their own.
/// </remarks>
public sealed record MatthewsCorrelation : Metric
{
    /// <inheritdoc/>
    public override string FigureName => "matthewsCorrelation";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Maximize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form is ScoreForm.Probabilities or ScoreForm.Logit;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) =>
        new CountsFigureRun(form, width, static counts => Correlation(counts));

    // With c = Σ right, s = Σ weights, t and p the margins: (c·s − Σ tₖ·pₖ) / √((s² − Σ tₖ²)·(s² − Σ pₖ²)).
    private static double Correlation(ClassCounts counts)
    {
        double right = 0, all = 0, both = 0, truths = 0, predictions = 0;
        for (int label = 0; label < counts.Count; label++)
        {
            double truth = counts.Truth[label], predicted = counts.Predicted[label];
            right += counts.Right[label];
            all += truth;
            both += truth * predicted;
            truths += truth * truth;
            predictions += predicted * predicted;
        }

        if (all == 0)
        {
            return double.NaN;
        }

        // With one class alone, rounding of the sums of fractional weights must not leave a spread of 1e-17.
        if (OneLabel(counts.Truth) || OneLabel(counts.Predicted))
        {
            return 0;
        }

        return ((right * all) - both) / (Math.Sqrt((all * all) - truths) * Math.Sqrt((all * all) - predictions));
    }

    private static bool OneLabel(ReadOnlySpan<double> margin) => margin.Length - margin.Count(0) == 1;
}
