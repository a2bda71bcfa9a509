using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Onnx;
using MlNetDl.Tasks;

namespace MlNetDl.Training;

/// <summary>The networks of a model with their weights, both by the network's name.</summary>
/// <param name="Networks">The trees.</param>
/// <param name="Weights">The weights of each.</param>
public sealed record TrainedModel(IReadOnlyDictionary<string, Network> Networks, IReadOnlyDictionary<string, Weights> Weights)
{
    /// <summary>Passes that rewrite the saved graphs, in order; none by default. A stage that quantises adds one. Each
    /// graph goes through all passes.</summary>
    public IReadOnlyList<IOnnxPass> Passes { get; init; } = [];

    /// <summary>The full names of weights in which zeros are no accident: later trainings leave them zero, and so does a
    /// training that continues from the saved model. None by default; a stage that prunes weights adds them.</summary>
    public ValueList<string> Pruned { get; init; } = [];

    /// <summary>How <see cref="Passes"/> round the graphs' numbers, for the saved model; <see langword="null"/> where they do
    /// not.</summary>
    public QuantizationSummary? Quantization { get; init; }

    /// <summary>Further data for the model file by name, such as the report of a stage; none by default.</summary>
    public IReadOnlyDictionary<string, byte[]> Assets { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>The full names of weights in which equal values are no accident: later trainings move them together, and so does
    /// a training that continues from the saved model. The model file stores them as a codebook and codes. None by default; a
    /// stage that clusters weights adds them.</summary>
    public ValueList<string> Clustered { get; init; } = [];
}

/// <summary>The model, the data and the services that a <see cref="Stage"/> works with.</summary>
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

    /// <summary>The task; <see langword="null"/> without labels.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>The label: its width, and the names of its classes.</summary>
    public LabelInfo Label { get; init; } = new();

    /// <summary>The names of the features of a vector, in order; empty where they have none.</summary>
    public ValueList<string> FeatureNames { get; init; } = [];

    /// <summary>How many training examples each class has, for class weights; empty where there are no classes.</summary>
    public IReadOnlyList<double> ClassCounts { get; init; } = [];

    /// <summary>How target values were standardised.</summary>
    public TargetScale Scale { get; init; } = TargetScale.None;

    /// <summary>Sends a message to the callbacks of the training.</summary>
    public required Action<string> Message { get; init; }

    /// <summary>The stages of the recipe before one of them.</summary>
    /// <param name="stage">The stage.</param>
    internal IEnumerable<Stage> Before(Stage stage) => Options.Stages.TakeWhile(s => !ReferenceEquals(s, stage));

    /// <summary>Whether a stage finds the networks as they are at the beginning of the recipe: no stage before it changes them.</summary>
    /// <param name="stage">The stage.</param>
    internal bool FindsFirstNetworks(Stage stage) => Before(stage).All(s => s.KeepsNetworks);

    /// <summary>How <see cref="Fit"/> trains.</summary>
    public required Func<TrainedModel, TrainingOptions, IReadOnlyList<StepHook>, TrainedModel> Trains { private get; init; }

    /// <summary>Cancels the training. A stage with long work of its own checks it.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>How <see cref="Once"/> keeps results.</summary>
    public Func<string, Func<object?>, Type, object?> Remembers { private get; init; } = (_, work, _) => work();

    /// <summary>Does long work of a stage once, such as following the ranges of values, and keeps the result in the
    /// stage's checkpoint. An interrupted recipe runs the stage again, but not this work.</summary>
    /// <typeparam name="T">A type with a JSON form (records, numbers, lists, dictionaries), or <see cref="Weights"/>.
    /// For a class, its public fields and its public properties that can be set come back.</typeparam>
    /// <param name="name">The name of this work, used once in the stage.</param>
    /// <param name="work">The work. Torch's generator is seeded before it and after it, so that random numbers follow
    /// from the seed.</param>
    /// <exception cref="NotSupportedException">Such a value has no JSON form; nothing was done.</exception>
    /// <exception cref="InvalidOperationException">The name was used before, or the value cannot be read
    /// back from JSON.</exception>
    public T Once<T>(string name, Func<T> work) => (T)Remembers(name, () => work(), typeof(T))!;

    /// <summary>Trains a model with a checkpoint of its own, so that an interrupted recipe does not repeat a finished
    /// training. The <see cref="FitHook"/>s behind the stage take part.</summary>
    /// <param name="model">The networks and the weights to begin with.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="hooks">Hooks that come before those. The training frees them.</param>
    public TrainedModel Fit(TrainedModel model, TrainingOptions options, params IReadOnlyList<StepHook> hooks) =>
        Trains(model, options, hooks);
}
