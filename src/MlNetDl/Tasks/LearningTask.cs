using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Training.Losses;

namespace MlNetDl.Tasks;

/// <summary>A task that a network learns: the form of the label, the loss, the layer that makes scores, the columns of
/// a model, how a score is read, and the figures that judge it.</summary>
/// <remarks>
/// One file a task. Everything that depends on the task asks this object, so a task that is added outside the library
/// works everywhere: in training, in ML.NET pipelines, in saved models, and from YAML once it is registered with
/// <c>Catalogs.Tasks</c>. A saved model names its task, so a host that scores must have it registered too.
/// </remarks>
public abstract record LearningTask : ICheckedRecord
{
    /// <summary>Problems beside the ranges of its members: broken rules between them. None by default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];

    /// <summary>Form of the labels, and how they are read.</summary>
    public abstract LabelForm Label { get; }

    /// <summary>Whether a training reads the labels. Yes by default. A task that says no needs a model that is trained without labels; its
    /// evaluations read them still.</summary>
    public virtual bool LearnsFromLabels => true;

    /// <summary>Form of the labels that a training reads; <see langword="null"/> where it reads none.</summary>
    internal LabelForm? LearnedLabel => LearnsFromLabels ? Label : null;

    /// <summary>The loss that is minimised where the options name none. It compares the network's last value with the
    /// target.</summary>
    public abstract Loss DefaultLoss { get; }

    /// <summary>Whether target values are brought to mean 0 and standard deviation 1 for training;
    /// <see cref="ScoringLayer"/> must then undo it. No by default.</summary>
    public virtual bool StandardizesTargets => false;

    /// <summary>Outputs that the network needs, 1 or more: by default one for each value of a target.</summary>
    public virtual int Outputs(LabelInfo label) => label.Width;

    /// <summary>The layer behind the trained network that makes scores of its outputs; part of the saved graph,
    /// not of training.</summary>
    /// <param name="scale">How targets were standardised.</param>
    public abstract Layer ScoringLayer(TargetScale scale);

    /// <summary>The form of a row's scores, by which metrics read them.</summary>
    public abstract ScoreForm Scores { get; }

    /// <summary>Where scores are logits, the one above which yes is predicted. 0 by default, a probability of one half.</summary>
    public virtual float YesAbove => 0;

    /// <summary>The columns that a model adds to its input.</summary>
    public abstract IReadOnlyList<OutputColumn> Columns { get; }

    /// <summary>The figures of every training, beside the loss. They are few, because they are shown for each
    /// epoch.</summary>
    public abstract IReadOnlyList<Metric> TrainingMetrics { get; }

    /// <summary>The figures of an evaluation.</summary>
    public abstract IReadOnlyList<Metric> EvaluationMetrics { get; }

    /// <summary>The meaning of one row's scores, for people.</summary>
    /// <param name="scores">The row's values of the graph's output <see cref="Network.DefaultOutput"/>.</param>
    /// <param name="label">What the label was.</param>
    public abstract ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label);
}

/// <summary>The meaning of one row's scores.</summary>
/// <param name="Predicted">The class's name, <see langword="true"/> or <see langword="false"/>, or the value
/// as a <see cref="double"/>.</param>
/// <param name="Scores">Probabilities by class, the greatest first; or the values.</param>
public sealed record ScoredValue(object? Predicted, IReadOnlyList<(string Name, double Score)> Scores);
