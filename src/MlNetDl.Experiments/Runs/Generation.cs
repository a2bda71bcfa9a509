using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Training.Losses;

namespace MlNetDl.Experiments;

/// <summary>Makes data, such as images: the word for what a model without labels does anyway. An experiment with it has no task
/// (<see cref="Experiment.Task"/>), and refuses models that learn from labels.</summary>
/// <remarks>It is read by experiments only; recipes and estimators of such a model take no task.</remarks>
public sealed record Generation : LearningTask
{
    private static readonly ValueLabel Form = new();

    /// <summary>Unused: there is none.</summary>
    public override LabelForm Label => Form;

    /// <inheritdoc/>
    public override bool LearnsFromLabels => false;

    /// <summary>Unused: the model has a loss of its own.</summary>
    public override Loss DefaultLoss => new MeanSquaredError();

    /// <summary>Unused: the model has graphs of its own.</summary>
    public override ScoreForm Scores => ScoreForm.Values;

    /// <summary>None: the model names its columns.</summary>
    public override IReadOnlyList<OutputColumn> Columns => [];

    /// <summary>None: the model has figures of its own.</summary>
    public override IReadOnlyList<Metric> TrainingMetrics => [];

    /// <summary>None: there is no truth.</summary>
    public override IReadOnlyList<Metric> EvaluationMetrics => [];

    /// <inheritdoc/>
    public override Layer ScoringLayer(TargetScale scale) => throw NoScores();

    /// <inheritdoc/>
    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label) => throw NoScores();

    private static NotSupportedException NoScores() =>
        new("Generation is the word of experiments for a model without labels, and has no scores; leave the task out of a recipe or estimator.");

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Only this library knows when it is loaded; nothing is made yet.")]
    internal static void Register() => Catalogs.Tasks.Register<Generation>();
}
