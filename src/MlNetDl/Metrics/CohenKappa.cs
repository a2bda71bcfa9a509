using MlNetDl.Configuration;

namespace MlNetDl.Metrics;

/// <summary>How much a wrong class counts in <see cref="CohenKappa"/>.</summary>
public enum KappaWeighting
{
    /// <summary>Every wrong class counts the same.</summary>
    None,

    /// <summary>By the distance of the class indices: for ordered classes.</summary>
    Linear,

    /// <summary>By the square of that distance.</summary>
    Quadratic,
}

/// <summary>
/// Cohen's kappa: 1 − observed / expected disagreement of truth and prediction; 1 is perfect, 0 is chance (Cohen 1960;
/// weighted, Cohen 1968).
/// </summary>
/// <remarks>
/// NaN where chance alone agrees: truth and prediction are one and the same class. A class that the model does not
/// know, and the missing prediction of a row with a NaN among its scores, are classes of their own, as far from all
/// others as the last class is from the first. Distances are those of class indices, as scikit-learn's with
/// <c>labels=range(K)</c>.
/// </remarks>
public sealed record CohenKappa : Metric
{
    /// <summary>The cost of a wrong class; by default all wrong classes cost the same.</summary>
    public KappaWeighting Weighting { get; init; }

    /// <inheritdoc/>
    public override string FigureName => Weighting switch
    {
        KappaWeighting.Linear => "linearCohenKappa",
        KappaWeighting.Quadratic => "quadraticCohenKappa",
        _ => "cohenKappa",
    };

    /// <inheritdoc/>
    public override Goal Goal => Goal.Maximize;

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() =>
        Enum.IsDefined(Weighting) ? [] : [new("weighting", $"must be none, linear or quadratic but is {Weighting}.")];

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form is ScoreForm.Probabilities or ScoreForm.Logit;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) => new Run(form, width, Weighting);

    // Beside the margins, the observed disagreement is the one sum that the matrix is needed for.
    private sealed class Run(ScoreForm form, int width, KappaWeighting weighting) : ClassCountsRun(form, width, more: 1)
    {
        public override double Value
        {
            get
            {
                var counts = Counts;
                double expected = 0, all = 0;
                for (int truth = 0; truth < counts.Count; truth++)
                {
                    all += counts.Truth[truth];
                    for (int predicted = 0; counts.Truth[truth] > 0 && predicted < counts.Count; predicted++)
                    {
                        expected += Disagreement(truth, predicted) * counts.Truth[truth] * counts.Predicted[predicted];
                    }
                }

                return expected > 0 ? 1 - (Sums[^1] * all / expected) : double.NaN;
            }
        }

        protected override void Collect(in ScoredRows rows, int row, double weight)
        {
            base.Collect(rows, row, weight);
            int truth = ClassCounts.Label(rows.Truth(row), Classes), predicted = ClassCounts.Label(rows.Predicted(row), Classes);
            Sums[^1] += weight * Disagreement(truth, predicted);
        }

        private double Disagreement(int truth, int predicted)
        {
            if (truth == predicted)
            {
                return 0;
            }

            double distance = truth < Classes && predicted < Classes ? Math.Abs(truth - predicted) : Math.Max(1, Classes - 1);
            return weighting switch
            {
                KappaWeighting.Linear => distance,
                KappaWeighting.Quadratic => distance * distance,
                _ => 1,
            };
        }
    }
}
