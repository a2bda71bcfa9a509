using MlNetDl.Configuration;
using MlNetDl.Tasks;
using MlNetDl.Torch;

namespace MlNetDl.Training;

/// <summary>A kind of training as data: what <c>training.step</c> names, or what a model asks for by itself.</summary>
public abstract record StepSpec : ICheckedRecord
{
    /// <summary>Starts it. The step owns the networks from then on.</summary>
    /// <exception cref="ArgumentException">The networks, the task or the options do not suit this kind of training; nothing was trained.</exception>
    public abstract TrainingStep Start(StepStart start);

    /// <summary>What is wrong with it beside the ranges of its members: rules between them. Nothing by default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];
}

/// <summary>What a step starts with.</summary>
public sealed record StepStart
{
    /// <summary>The networks to train, by name, with the weights to begin with.</summary>
    public required IReadOnlyDictionary<string, TorchNetwork> Networks { get; init; }

    /// <summary>How they are trained.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>What is to be predicted; <see langword="null"/> without labels.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>What the label is.</summary>
    public LabelInfo Label { get; init; } = new();

    /// <summary>How many training examples there are of each class, by the examples' weights; empty where nobody counted, or without classes.</summary>
    public IReadOnlyList<double> ClassCounts { get; init; } = [];

    /// <summary>How target values were standardised.</summary>
    public TargetScale Scale { get; init; } = TargetScale.None;

    /// <summary>Take part in supervised training; a step that has no place for them refuses them.</summary>
    public IReadOnlyList<StepHook> Hooks { get; init; } = [];

    /// <summary>The one network of a training that has one.</summary>
    /// <exception cref="ArgumentException">There are several.</exception>
    public TorchNetwork Network => Networks.Count == 1 ? Networks.Values.First()
        : throw new ArgumentException($"This kind of training has one network, but the model has {Networks.Count}: {string.Join(", ", Networks.Keys)}.");
}

/// <summary>Supervised training: forward, loss against the targets, backward, step. The default of networks that are trained with labels.</summary>
public sealed record Supervised : StepSpec
{
    /// <inheritdoc/>
    public override TrainingStep Start(StepStart start) => new SupervisedStep(start);
}
