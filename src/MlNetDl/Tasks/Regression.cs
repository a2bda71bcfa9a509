using System.Globalization;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Training.Losses;

namespace MlNetDl.Tasks;

/// <summary>One or several real values.</summary>
public sealed record Regression : LearningTask
{
    private static readonly ValueLabel Form = new();

    /// <inheritdoc/>
    public override LabelForm Label => Form;

    /// <inheritdoc/>
    public override Loss DefaultLoss => new MeanSquaredError();

    /// <inheritdoc/>
    public override bool StandardizesTargets => true;

    /// <inheritdoc/>
    public override Layer ScoringLayer(TargetScale scale) =>
        scale.IsNone ? new Identity { Name = "targets" } : new Denormalize(scale.Mean, scale.StandardDeviation) { Name = "targets" };

    /// <inheritdoc/>
    public override ScoreForm Scores => ScoreForm.Values;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => [new ValuesColumn(OutputColumns.Score, "Regression")];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> TrainingMetrics => [new RSquared()];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> EvaluationMetrics => [new RSquared(), new RootMeanSquaredError(), new AbsoluteError()];

    /// <inheritdoc/>
    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label)
    {
        var values = scores.ToArray();
        return new(
            (double)values[0],
            [.. values.Select(
                (s, i) => ($"score{(values.Length > 1 ? i.ToString(CultureInfo.InvariantCulture) : "")}", (double)s))]);
    }
}
