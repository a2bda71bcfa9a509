using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Training.Losses;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A task that is multiclass classification but for its label.</summary>
public abstract record ClassTask : LearningTask
{
    private static readonly MulticlassClassification Classes = new();

    /// <inheritdoc/>
    public override Loss DefaultLoss => Classes.DefaultLoss;

    /// <inheritdoc/>
    public override int Outputs(LabelInfo label) => Classes.Outputs(label);

    /// <inheritdoc/>
    public override Layer ScoringLayer(TargetScale scale) => Classes.ScoringLayer(scale);

    /// <inheritdoc/>
    public override ScoreForm Scores => Classes.Scores;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => Classes.Columns;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> TrainingMetrics => Classes.TrainingMetrics;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> EvaluationMetrics => Classes.EvaluationMetrics;

    /// <inheritdoc/>
    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label) => Classes.Read(scores, label);
}
