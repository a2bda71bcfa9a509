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

    /// <summary>Trains a model, with a checkpoint of its own: a training that was done before an interruption is not done again. The
    /// <see cref="FitHook"/>s behind the stage take part.</summary>
    /// <param name="model">The networks and the weights to begin with.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="hooks">Take part before those; the training frees them.</param>
    public TrainedModel Fit(TrainedModel model, TrainingOptions options, params IReadOnlyList<StepHook> hooks) => Trains(model, options, hooks);
}
