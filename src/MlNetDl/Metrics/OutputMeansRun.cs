namespace MlNetDl.Metrics;

/// <summary>
/// The weighted mean of an error, of each output, and the mean of those over the outputs, after a last step such as the
/// root.
/// </summary>
internal sealed class OutputMeansRun(ScoreForm form, int width, Func<float, float, double> error, Func<double, double>? last = null)
    : SumsRun(form, width, width + 1)
{
    private readonly int outputs = width;

    public override double Value
    {
        get
        {
            if (Sums[^1] == 0)
            {
                return double.NaN;
            }

            double sum = 0;
            for (int k = 0; k < outputs; k++)
            {
                double mean = Sums[k] / Sums[^1];
                sum += last is null ? mean : last(mean);
            }

            return sum / outputs;
        }
    }

    protected override void Collect(in ScoredRows rows, int row, double weight)
    {
        ReadOnlySpan<float> scores = rows.Row(row), targets = rows.TargetPerScore(row);
        for (int k = 0; k < outputs; k++)
        {
            Sums[k] += weight * error(scores[k], targets[k]);
        }

        Sums[^1] += weight;
    }
}
