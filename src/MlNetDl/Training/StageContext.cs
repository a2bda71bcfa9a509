using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Onnx;
using MlNetDl.Tasks;

namespace MlNetDl.Training;

/// <summary>The networks of a model with their weights, both by the network's name.</summary>
/// <param name="Networks">The trees.</param>
/// <param name="Weights">The weights of each.</param>
public sealed record TrainedModel(IReadOnlyDictionary<string, Network> Networks, IReadOnlyDictionary<string, Weights> Weights)
{
    /// <summary>Rewrites of the graphs that are saved, in order; none by default. A stage that quantises adds one. Of several graphs each
    /// passes through all.</summary>
    public IReadOnlyList<IOnnxPass> Passes { get; init; } = [];
}

/// <summary>What a <see cref="Stage"/> works with.</summary>
public sealed record StageContext
{
    /// <summary>The model as it is before the stage.</summary>
    public required TrainedModel Model { get; init; }

    /// <summary>The training's options.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The training data.</summary>
    public required IBatches Data { get; init; }

    /// <summary>The validation data; <see langword="null"/> for none.</summary>
    public IBatches? Validation { get; init; }

    /// <summary>What is predicted; <see langword="null"/> without labels.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>What the label is.</summary>
    public LabelInfo Label { get; init; } = new();

    /// <summary>How target values were standardised.</summary>
    public TargetScale Scale { get; init; } = TargetScale.None;

    /// <summary>Tells whoever started the training.</summary>
    public required Action<string> Message { get; init; }

    /// <summary>How <see cref="Fit"/> trains.</summary>
    public required Func<TrainedModel, TrainingOptions, IReadOnlyList<StepHook>, TrainedModel> Trains { private get; init; }

    /// <summary>Cancels; a stage that works long by itself looks at it.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>How <see cref="Once"/> keeps what it gets.</summary>
    public Func<string, Func<object?>, Type, object?> Remembers { private get; init; } = (_, work, _) => work();

    /// <summary>Work of a stage's own that is long, such as following the ranges of values: done once, and kept in the stage's checkpoint.
    /// A recipe that was interrupted later runs the stage again, but not this work.</summary>
    /// <typeparam name="T">What has a JSON form (records, numbers, lists, dictionaries), or <see cref="Weights"/>. Of a class, what comes back
    /// are its public members that can be set, and its public fields.</typeparam>
    /// <param name="name">What tells it from other work of the stage; each name once.</param>
    /// <param name="work">The work. Torch's generator is seeded before it and after it, so that random numbers follow from the seed.</param>
    /// <exception cref="NotSupportedException">Such a value has no JSON form; nothing was done.</exception>
    /// <exception cref="InvalidOperationException">The name was used before, or the value cannot be read back from JSON.</exception>
    public T Once<T>(string name, Func<T> work) => (T)Remembers(name, () => work(), typeof(T))!;

    /// <summary>Trains a model, with a checkpoint of its own: a training that was done before an interruption is not done again. The
    /// <see cref="FitHook"/>s behind the stage take part.</summary>
    /// <param name="model">The networks and the weights to begin with.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="hooks">Take part before those; the training frees them.</param>
    public TrainedModel Fit(TrainedModel model, TrainingOptions options, params IReadOnlyList<StepHook> hooks) => Trains(model, options, hooks);
}
