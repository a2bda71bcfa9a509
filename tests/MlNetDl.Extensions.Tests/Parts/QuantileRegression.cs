using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Training.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A task: several quantiles of one value (Koenker and Bassett 1978).</summary>
public sealed record QuantileRegression : LearningTask
{
    /// <summary>Name of the column with the middle quantile.</summary>
    public const string Median = "Median";

    private static readonly ValueLabel Form = new();

    /// <summary>Which quantiles, each above 0 and below 1, rising.</summary>
    public ValueList<double> Quantiles { get; init; } = [0.1, 0.5, 0.9];

    public override LabelForm Label => Form;

    public override Loss DefaultLoss => new Pinball { Quantiles = Quantiles };

    public override bool StandardizesTargets => true;

    public override ScoreForm Scores => ScoreForm.Values;

    public override IReadOnlyList<OutputColumn> Columns =>
        [new VectorColumn(OutputColumns.Score, "QuantileRegression"), new PlaceColumn(Median, Quantiles.Count / 2)];

    public override IReadOnlyList<Metric> TrainingMetrics => [Coverage];

    public override IReadOnlyList<Metric> EvaluationMetrics => [Coverage];

    private CoverageError Coverage => new() { Share = Quantiles[^1] - Quantiles[0] };

    public override IEnumerable<RecordProblem> Problems()
    {
        bool rising = Quantiles.Zip(Quantiles.Skip(1)).All(p => p.First < p.Second);
        if (Quantiles.Count < 2 || !rising || Quantiles[0] <= 0 || Quantiles[^1] >= 1)
        {
            yield return new("quantiles", $"must be two or more rising numbers between 0 and 1 but are {Quantiles}.");
        }
    }

    public override int Outputs(LabelInfo label)
    {
        if (label.Width != 1)
        {
            throw new ArgumentException($"Quantiles are of one value, but the label has {label.Width}.");
        }

        return Quantiles.Count;
    }

    // One mean and deviation for all quantiles: they are in the label's unit.
    public override Layer ScoringLayer(TargetScale scale) =>
        scale.IsNone ? new Identity() : new Denormalize(scale.Mean, scale.StandardDeviation) { Name = "unit" };

    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label)
    {
        var values = scores.ToArray();
        return new(
            (double)values[values.Length / 2],
            [.. values.Select((v, i) => (string.Create(CultureInfo.InvariantCulture, $"q{Quantiles[i]}"), (double)v))]);
    }
}

/// <summary>Its loss: q·e where the error e = y − x is above 0, (q − 1)·e below; the mean over the quantiles.</summary>
public sealed record Pinball : Loss
{
    public ValueList<double> Quantiles { get; init; } = [0.5];

    protected override Tensor PerExample(Tensor outputs, Tensor targets)
    {
        var q = tensor(Quantiles.Select(v => (float)v).ToArray(), device: outputs.device);
        var error = targets - outputs;
        return maximum(error * q, error * (q - 1)).mean([1]);
    }

    protected override string? Misfit(Tensor outputs, Tensor targets) => outputs.dim() == 2
            && outputs.shape[1] == Quantiles.Count
            && targets.dim() == 2
            && targets.shape[1] == 1
            && targets.shape[0] == outputs.shape[0]
            && targets.dtype == ScalarType.Float32
        ? null
        : $"expects outputs [N, {Quantiles.Count}] and targets float32 [N, 1] but got {Text(outputs)} and {Text(targets)}.";
}

/// <summary>Its figure: how far the share of truths between the outermost quantiles is from what
/// was asked for.</summary>
public sealed record CoverageError : Metric
{
    /// <summary>The share asked for, above 0 and at most 1.</summary>
    [Above(0), AtMost(1)]
    public double Share { get; init; } = 0.8;

    public override string FigureName => "coverageError";

    public override Goal Goal => Goal.Minimize;

    public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

    protected override MetricRun Begin(ScoreForm form, int width) => new Run(form, width, Share);

    private sealed class Run(ScoreForm form, int width, double share) : MetricRun(form, width)
    {
        private double inside;
        private double all;

        public override double Value => all > 0 ? Math.Abs((inside / all) - share) : double.NaN;

        public override double[] State
        {
            get => [inside, all];
            set
            {
                if (value is not [var first, var second])
                {
                    throw new ArgumentException($"Expected 2 sums but got {value.Length}.", nameof(value));
                }

                (inside, all) = (first, second);
            }
        }

        protected override void Collect(in ScoredRows rows, int row, double weight)
        {
            var scores = rows.Row(row);
            float truth = rows.Target(row)[0];
            inside += scores.ContainsAnyExceptInRange(float.MinValue, float.MaxValue) ? double.NaN
                : scores[0] <= truth && truth <= scores[^1] ? weight
                : 0;
            all += weight;
        }
    }
}

/// <summary>Its column: one of an output's values.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Place">Which value.</param>
public sealed record PlaceColumn(string Name, int Place) : OutputColumn(Name, "", "Score")
{
    public override DataViewType TypeOf(int outputs, LabelInfo label) => NumberDataViewType.Single;

    public override Delegate Getter(GraphRow row, LabelInfo label)
    {
        var values = row.Values();
        return (ValueGetter<float>)((ref float target) => target = values()[Place]);
    }
}
