using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Training.Losses;

namespace MlNetDl.Tasks;

/// <summary>Tells rows that are unlike those of the training, which are taken for normal: an autoencoder of any kind makes them badly. Its
/// training reads no label.</summary>
/// <remarks>A row's score says how strange it is, in the unit of the model, such as nats. A threshold is chosen after the training, so that few
/// held-out rows lie above it: <see cref="FalseAlarms"/>. The first output of the graph is the score minus the threshold, the second one the
/// score.</remarks>
public sealed record AnomalyDetection : LearningTask
{
    /// <summary>The column of the score minus the threshold: above 0 is strange.</summary>
    public const string ExcessColumn = "Excess";

    /// <summary>The graph's output of the score.</summary>
    internal const string ScoreOutput = "score";

    private static readonly YesNoLabel Form = new();

    /// <summary>The share of normal rows that may be called strange, above 0 and below 1; 0.01 by default. Fewer false alarms let more strange
    /// rows pass.</summary>
    [Above(0), Below(1)]
    public double FalseAlarms { get; init; } = 0.01;

    /// <summary>Whether a row is strange. Only evaluations read it.</summary>
    public override LabelForm Label => Form;

    /// <inheritdoc/>
    public override bool LearnsFromLabels => false;

    /// <summary>The loss of a yes or no, which is never minimised: the model has a loss of its own.</summary>
    public override Loss DefaultLoss => new BinaryCrossEntropy();

    /// <summary>Names the score as an output of the graph.</summary>
    /// <inheritdoc/>
    public override Layer ScoringLayer(TargetScale scale) => new Tap(ScoreOutput) { Role = TapRole.Output, Name = ScoreOutput };

    /// <summary>As a logit: above 0 predicts a strange row. It is no logarithm of odds.</summary>
    public override ScoreForm Scores => ScoreForm.Logit;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns =>
    [
        new NumberColumn(OutputColumns.Score, "AnomalyDetection") { Output = ScoreOutput },
        new PredictedYesColumn(OutputColumns.PredictedLabel, "AnomalyDetection"),
        new NumberColumn(ExcessColumn, ""),
    ];

    /// <summary>None: there is no truth, and the model has figures of its own.</summary>
    public override IReadOnlyList<Metric> TrainingMetrics => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> EvaluationMetrics => [new RocAuc(), new DetectionRate(), new FalseAlarmRate()];

    /// <inheritdoc/>
    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label) => new(scores[0] > 0, [("excess", scores[0])]);
}
