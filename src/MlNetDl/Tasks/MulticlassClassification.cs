using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Training.Losses;

namespace MlNetDl.Tasks;

/// <summary>One of several classes; the scores are softmax probabilities.</summary>
public sealed record MulticlassClassification : LearningTask
{
    private static readonly ClassLabel Form = new();

    /// <inheritdoc/>
    public override LabelForm Label => Form;

    /// <inheritdoc/>
    public override Loss DefaultLoss => new CrossEntropy();

    /// <inheritdoc/>
    public override int Outputs(LabelInfo label) => label.ClassNames.Count;

    /// <inheritdoc/>
    public override Layer ScoringLayer(TargetScale scale) => new Softmax { Name = "probabilities" };

    /// <inheritdoc/>
    public override ScoreForm Scores => ScoreForm.Probabilities;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns =>
        [new ClassScoresColumn(OutputColumns.Score), new PredictedClassColumn(OutputColumns.PredictedLabel)];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> TrainingMetrics => [new Accuracy()];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> EvaluationMetrics =>
        [new Accuracy(), new BalancedAccuracy(), new F1Score { Averaging = Averaging.Macro }, new LogLoss()];

    /// <inheritdoc/>
    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label)
    {
        var values = scores.ToArray();
        var ranked = label.ClassNames.Select((name, i) => (name, (double)values[i])).OrderByDescending(s => s.Item2).ToList();
        return new(ranked[0].name, ranked);
    }
}
