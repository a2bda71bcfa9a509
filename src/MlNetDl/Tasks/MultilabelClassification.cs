using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Training.Losses;

namespace MlNetDl.Tasks;

/// <summary>Several labels a row, any number of them: each is a yes or no by itself, with a logit whose sigmoid is the probability that the row has
/// it.</summary>
/// <remarks>
/// Not to be taken for classes, of which a row has one: probabilities of labels do not sum to 1. A label is predicted where its probability is above one
/// half; hosts that want another threshold compare <c>Probability</c> with it.
/// </remarks>
public sealed record MultilabelClassification : LearningTask
{
    /// <summary>What stands between the labels of a row in text, as in <c>drama|comedy</c>.</summary>
    internal const char Separator = '|';

    // The graph's second output.
    private const string ProbabilityOutput = "probability";
    private const string Kind = "MultilabelClassification";
    private static readonly LabelSet Form = new();

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
    public override ScoreForm Scores => ScoreForm.Logits;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns =>
    [
        new LabelScoresColumn(OutputColumns.Score, Kind),
        new LabelScoresColumn(OutputColumns.Probability, Kind, "Probability") { Output = ProbabilityOutput },
        new PredictedLabelsColumn(OutputColumns.PredictedLabel, Kind) { Above = YesAbove },
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> TrainingMetrics => [new F1Score { Averaging = Averaging.Micro }, new HammingLoss()];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> EvaluationMetrics =>
    [
        new F1Score { Averaging = Averaging.Micro },
        new F1Score { Averaging = Averaging.Macro },
        new AveragePrecision(),
        new HammingLoss(),
        new Accuracy(),
        new LogLoss(),
    ];

    /// <inheritdoc/>
    /// <remarks>What is predicted is the labels with <c>|</c> between them, the likeliest first; empty where the row has none.</remarks>
    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label)
    {
        var values = scores.ToArray();
        var ranked = label.ClassNames.Select((name, i) => (Name: name, Logit: values[i])).OrderByDescending(s => s.Logit).ToList();
        return new(
            string.Join(Separator, ranked.Where(s => s.Logit > YesAbove).Select(s => s.Name)),
            [.. ranked.Select(s => (s.Name, 1 / (1 + Math.Exp(-s.Logit))))]);
    }
}
