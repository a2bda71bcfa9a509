namespace MlNetDl.Metrics;

/// <summary>
/// Coefficient of determination, R²: 1 − Σ (x − y)² / Σ (y − mean of y)²; 1 is perfect, 0 is as good as the mean, and
/// it can be negative. Several outputs are averaged.
/// </summary>
/// <remarks>
/// NaN where the truth of an output is constant, as it is with one row: scikit-learn gives 0 or 1 there. A score of NaN
/// makes it NaN.
/// </remarks>
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

    // Sums of squares would lose all digits where the mean is large against the deviation. So each batch is taken
    // around its own mean, and batches are merged by Chan, Golub and LeVeque 1979, eq. 2.1.
    private sealed class Run(ScoreForm form, int width) : SumsRun(form, width, (3 * width) + 1)
    {
        private readonly int outputs = width;
        private readonly double[] means = new double[width], spreads = new double[width];

        public override double Value
        {
            get
            {
                double sum = 0;
                for (int k = 0; k < outputs; k++)
                {
                    sum += Varies(k) ? 1 - (Squares(k) / Spread(k)) : double.NaN;
                }

                return sum / outputs;
            }
        }

        private ref double Weight => ref Sums[^1];

        protected override void CollectAll(in ScoredRows rows)
        {
            double weight = BatchMeans(rows);
            if (weight == 0)
            {
                return;
            }

            Array.Clear(spreads);
            base.CollectAll(rows);
            double all = Weight + weight;
            for (int k = 0; k < outputs; k++)
            {
                double apart = means[k] - Mean(k);
                Spread(k) += spreads[k] + (apart * apart * Weight * (weight / all));
                Mean(k) += apart * (weight / all);
            }

            Weight = all;
        }

        protected override void Collect(in ScoredRows rows, int row, double weight)
        {
            ReadOnlySpan<float> scores = rows.Row(row), targets = rows.TargetPerScore(row);
            for (int k = 0; k < outputs; k++)
            {
                double error = scores[k] - targets[k], fromMean = targets[k] - means[k];
                Squares(k) += weight * error * error;
                spreads[k] += weight * fromMean * fromMean;
            }
        }

        // Targets are floats: a deviation of less than 1e-12 of the mean is none, but the rounding of a weighted mean.
        private bool Varies(int output) => Spread(output) > Weight * Math.Pow(1e-12 * Mean(output), 2);

        private double BatchMeans(in ScoredRows rows)
        {
            Array.Clear(means);
            double sum = 0;
            for (int row = 0; row < rows.Count; row++)
            {
                double weight = rows.Weight(row);
                sum += weight;
                for (int k = 0; weight > 0 && k < outputs; k++)
                {
                    means[k] += weight * rows.TargetPerScore(row)[k];
                }
            }

            for (int k = 0; k < outputs; k++)
            {
                means[k] /= sum;
            }

            return sum;
        }

        private ref double Squares(int output) => ref Sums[output];

        private ref double Mean(int output) => ref Sums[outputs + output];

        private ref double Spread(int output) => ref Sums[(2 * outputs) + output];
    }
}
