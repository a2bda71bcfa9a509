namespace MlNetDl.Metrics;

/// <summary>Coefficient of determination, R²: 1 − Σ (x − y)² / Σ (y − mean of y)²; 1 is perfect, 0 is as good as the mean, and it can be negative. Of several outputs, the mean of theirs.</summary>
/// <remarks>NaN where the truth of an output is constant, as it is with one row: scikit-learn gives 0 or 1 there. A score of NaN makes it NaN.</remarks>
public sealed record RSquared : Metric
{
    /// <inheritdoc/>
    public override string FigureName => "r2";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Maximize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) => new Run(form, width);

    // Welford 1962, weighted: sums of squares would lose all digits where the mean is large against the deviation, and a constant truth would not give exactly 0.
    private sealed class Run(ScoreForm form, int width) : SumsRun(form, width, (3 * width) + 1)
    {
        private readonly int outputs = width;

        public override double Value
        {
            get
            {
                double sum = 0;
                for (int k = 0; k < outputs; k++)
                {
                    sum += Spread(k) > 0 ? 1 - (Squares(k) / Spread(k)) : double.NaN;
                }

                return sum / outputs;
            }
        }

        protected override void Collect(in ScoredRows rows, int row, double weight)
        {
            ReadOnlySpan<float> scores = rows.Row(row), targets = rows.Target(row);
            Sums[^1] += weight;
            for (int k = 0; k < outputs; k++)
            {
                double error = scores[k] - targets[k];
                Squares(k) += weight * error * error;
                double fromMean = targets[k] - Mean(k);
                Mean(k) += weight / Sums[^1] * fromMean;
                Spread(k) += weight * fromMean * (targets[k] - Mean(k));
            }
        }

        private ref double Squares(int output) => ref Sums[output];

        private ref double Mean(int output) => ref Sums[outputs + output];

        private ref double Spread(int output) => ref Sums[(2 * outputs) + output];
    }
}
