using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Training.Losses;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>The least that a task must say: values as they are, without standardisation.</summary>
public sealed record RawValue : LearningTask
{
    private static readonly ValueLabel Form = new();

    public override LabelForm Label => Form;

    public override Loss DefaultLoss => new MeanSquaredError();

    public override ScoreForm Scores => ScoreForm.Values;

    public override IReadOnlyList<OutputColumn> Columns => [new ValuesColumn(OutputColumns.Score, "Regression")];

    public override IReadOnlyList<Metric> TrainingMetrics => [];

    public override IReadOnlyList<Metric> EvaluationMetrics => [new AbsoluteError()];

    public override Layer ScoringLayer(TargetScale scale) => new Identity();

    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label) => new((double)scores[0], [("score", scores[0])]);
}
