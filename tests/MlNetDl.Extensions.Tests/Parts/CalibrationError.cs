using System.Numerics.Tensors;
using MlNetDl.Configuration;
using MlNetDl.Metrics;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A metric: expected calibration error (Guo et al. 2017, arXiv:1706.04599, eq. 3), Σ |Bₘ|/n ·
/// |acc(Bₘ) − conf(Bₘ)|.</summary>
public sealed record CalibrationError : Metric
{
    /// <summary>Bins of equal width over the confidence, 1 or more; 15 as in the paper.</summary>
    [AtLeast(1)]
    public int Bins { get; init; } = 15;

    public override string FigureName => "calibrationError";

    public override Goal Goal => Goal.Minimize;

    public override bool Takes(ScoreForm form) => form == ScoreForm.Probabilities;

    protected override MetricRun Begin(ScoreForm form, int width) => new Run(form, width, Bins);

    private sealed class Run(ScoreForm form, int width, int bins) : MetricRun(form, width)
    {
        // For each bin: the sum of weights, of confidences, and of rows that are right.
        private double[] sums = new double[3 * bins];

        public override double Value
        {
            get
            {
                double all = Enumerable.Range(0, bins).Sum(b => sums[3 * b]);
                return all > 0 ? Enumerable.Range(0, bins).Sum(b => Math.Abs(sums[(3 * b) + 2] - sums[(3 * b) + 1])) / all : double.NaN;
            }
        }

        public override double[] State
        {
            get => [.. sums];
            set
            {
                if (value.Length != sums.Length)
                {
                    throw new ArgumentException($"Expected {sums.Length} sums but got {value.Length}.", nameof(value));
                }

                sums = [.. value];
            }
        }

        protected override void Collect(in ScoredRows rows, int row, double weight)
        {
            double confidence = TensorPrimitives.Max(rows.Row(row));
            int bin = Math.Clamp((int)Math.Ceiling(confidence * bins) - 1, 0, bins - 1);
            sums[3 * bin] += weight;
            sums[(3 * bin) + 1] += weight * confidence;
            sums[(3 * bin) + 2] += rows.Predicted(row) == rows.Truth(row) ? weight : 0;
        }
    }
}
