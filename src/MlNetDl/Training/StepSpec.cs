using MlNetDl.Configuration;
using MlNetDl.Tasks;
using MlNetDl.Torch;

namespace MlNetDl.Training;

/// <summary>A kind of training as data. <c>training.step</c> names one; without it the model chooses.</summary>
public abstract record StepSpec : ICheckedRecord
{
    /// <summary>Starts it. The step owns the networks from then on.</summary>
    /// <exception cref="ArgumentException">The networks, the task or the options do not suit this kind of training;
    /// nothing was trained.</exception>
    public abstract TrainingStep Start(StepStart start);

    /// <summary>The passes over the data that it takes, whatever <c>training.epochs</c> is; <see langword="null"/>, the default,
    /// for a kind that takes as many as it is given. A recipe then refuses other epochs than these and the default.</summary>
    public virtual int? Epochs => null;

    /// <summary>The problems that declared ranges cannot express, such as rules between members; none by
    /// default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];
}

/// <summary>Everything that a step needs to start.</summary>
public sealed record StepStart
{
    /// <summary>The networks to train, by name, with the weights to begin with.</summary>
    public required IReadOnlyDictionary<string, TorchNetwork> Networks { get; init; }

    /// <summary>How they are trained.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The task; <see langword="null"/> without labels.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>The label: its width, and the names of its classes.</summary>
    public LabelInfo Label { get; init; } = new();

    /// <summary>The number of training examples in each class, by their weights; empty without classes, or where it is
    /// not known.</summary>
    public IReadOnlyList<double> ClassCounts { get; init; } = [];

    /// <summary>How target values were standardised.</summary>
    public TargetScale Scale { get; init; } = TargetScale.None;

    /// <summary>Hooks that take part in supervised training. A step that cannot call them refuses them.</summary>
    public IReadOnlyList<StepHook> Hooks { get; init; } = [];

    /// <summary>The one network of a training that has one.</summary>
    /// <exception cref="ArgumentException">There are several.</exception>
    public TorchNetwork Network
    {
        get
        {
            if (Networks.Count != 1)
            {
                throw new ArgumentException("This kind of training has one network, but the model has "
                    + $"{Networks.Count}: {string.Join(", ", Networks.Keys)}.");
            }

            return Networks.Values.First();
        }
    }
}

/// <summary>Supervised training: forward, loss against the targets, backward, step. The default of networks that are
/// trained with labels.</summary>
public sealed record Supervised : StepSpec
{
    /// <inheritdoc/>
    public override TrainingStep Start(StepStart start) => new SupervisedStep(start);
}
