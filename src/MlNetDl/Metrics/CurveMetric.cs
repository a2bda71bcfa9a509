using MlNetDl.Configuration;

namespace MlNetDl.Metrics;

/// <summary>
/// A figure of a curve over all thresholds of a score. It follows from the order of the rows by score, so it needs all
/// rows at once.
/// </summary>
/// <remarks>
/// Of classes, each is taken against the rest and the figures are averaged over the classes that occur in the truth.
/// Rows whose class the model does not know are no row of any class. NaN without rows of any class, where the figure of
/// a class is not defined, or when a score is NaN. Of several labels, each is taken by itself, and those for which the
/// figure is not defined (no row has them) are left out of the mean. It takes 4·K + 12 bytes a row.
/// </remarks>
public abstract record CurveMetric : Metric
{
    /// <summary>
    /// How the figures of classes become one: macro (the default) or weighted. It changes nothing for logits of yes or
    /// no.
    /// </summary>
    public Averaging Averaging { get; init; } = Averaging.Macro;

    /// <inheritdoc/>
    public sealed override Goal Goal => Goal.Maximize;

    /// <inheritdoc/>
    public sealed override bool NeedsAllRows => true;

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() =>
        Averaging is Averaging.Macro or Averaging.Weighted
            ? []
            : [new("averaging", $"must be macro or weighted but is {Averaging.ToString().ToLowerInvariant()}.")];

    /// <inheritdoc/>
    public sealed override bool Takes(ScoreForm form) => form is ScoreForm.Probabilities or ScoreForm.Logit or ScoreForm.Logits;

    /// <inheritdoc/>
    protected sealed override MetricRun Begin(ScoreForm form, int width) =>
        form == ScoreForm.Logits
            ? new LabelRuns(width, Averaging, () => new CurveRun(ScoreForm.Logit, 1, OfRanks, weighted: false), skipsUndefined: true)
            : new CurveRun(form, width, OfRanks, Averaging == Averaging.Weighted);

    /// <summary>The figure of yes against no.</summary>
    /// <param name="ranks">For each score that occurs, from the lowest: the weight of the rows of yes and of the rows
    /// of no with it.</param>
    /// <param name="yes">The sum of the weights of the rows of yes, above 0.</param>
    /// <param name="no">The sum of the weights of the rows of no.</param>
    protected abstract double OfRanks(IReadOnlyList<(double Yes, double No)> ranks, double yes, double no);
}
