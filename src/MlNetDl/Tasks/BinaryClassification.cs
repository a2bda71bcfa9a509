using MlNetDl.Configuration;
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

    /// <summary>The probability above which yes is predicted, above 0 and below 1; 0.5 by default, where both errors cost the same. Training does not
    /// depend on it, but figures of predicted classes do, such as accuracy and F1.</summary>
    [Above(0), Below(1)]
    public double Threshold { get; init; } = 0.5;

    /// <inheritdoc/>
    public override float YesAbove => (float)Math.Log(Threshold / (1 - Threshold));

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
        new PredictedYesColumn(OutputColumns.PredictedLabel) { Above = YesAbove },
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> TrainingMetrics => [new Accuracy(), new RocAuc()];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> EvaluationMetrics =>
        [new Accuracy(), new RocAuc(), new AveragePrecision(), new F1Score(), new LogLoss()];

    /// <inheritdoc/>
    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label)
    {
        ArgumentNullException.ThrowIfNull(label);
        bool isYes = scores[0] > YesAbove;
        double probability = 1 / (1 + Math.Exp(-scores[0]));
        return label.YesNoNames is not [var no, var yes] ? new(isYes, [("probability", probability)])
            : new(isYes ? yes : no, probability > 0.5 ? [(yes, probability), (no, 1 - probability)] : [(no, 1 - probability), (yes, probability)]);
    }
}
