namespace MlNetDl.Metrics;

/// <summary>The share of the rows of one truth that are predicted yes. NaN without such rows, and where a score is NaN.</summary>
public abstract record YesRate : Metric
{
    /// <summary>The truth of the rows that count: 1 for yes, 0 for no.</summary>
    protected abstract int Truth { get; }

    /// <inheritdoc/>
    public sealed override bool Takes(ScoreForm form) => form == ScoreForm.Logit;

    /// <inheritdoc/>
    protected sealed override MetricRun Begin(ScoreForm form, int width) => new CountsFigureRun(form, width, Of);

    private double Of(ClassCounts counts)
    {
        double all = counts.Truth[Truth];
        double yes = Truth == 1 ? counts.Right[1] : all - counts.Right[0];
        return counts.WithoutPrediction > 0 || all == 0 ? double.NaN : yes / all;
    }
}
