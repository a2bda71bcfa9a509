using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Training.Losses;

namespace MlNetDl.Tasks;

/// <summary>Yes or no; one logit, whose sigmoid is the probability of yes.</summary>
public sealed record BinaryClassification : LearningTask
{
    // The graph's second output.
    private const string ProbabilityOutput = "probability";
    private static readonly YesNoLabel Form = new();

    /// <inheritdoc/>
    public override LabelForm Label => Form;

    /// <inheritdoc/>
    public override Loss DefaultLoss => new BinaryCrossEntropy();

    /// <inheritdoc/>
    public override Layer ScoringLayer(TargetScale scale) => new Tap(ProbabilityOutput, new Sigmoid())
    {
        Role = TapRole.Output,
        Name = ProbabilityOutput,
    };

    /// <inheritdoc/>
    public override ScoreForm Scores => ScoreForm.Logit;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns =>
    [
        new NumberColumn(OutputColumns.Score, "BinaryClassification"),
        new ProbabilityColumn(OutputColumns.Probability) { Output = ProbabilityOutput },
        new PredictedYesColumn(OutputColumns.PredictedLabel),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> TrainingMetrics => [new Accuracy(), new RocAuc()];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> EvaluationMetrics =>
        [new Accuracy(), new RocAuc(), new AveragePrecision(), new F1Score(), new LogLoss()];

    /// <inheritdoc/>
    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label) =>
        new(scores[0] > 0, [("probability", 1 / (1 + Math.Exp(-scores[0])))]);
}
