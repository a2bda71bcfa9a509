using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>A training from data to saved model: it prepares the data, builds the model, tries it out, runs the stages,
/// and packs the result. It needs no ML.NET; the trainers of ML.NET are adapters of it.</summary>
public sealed record Recipe
{
    /// <summary>The task; <see langword="null"/> trains without labels, if the model is made for that.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>The model; <see langword="null"/> takes that of <see cref="ContinueFrom"/>, or one hidden
    /// layer of 128.</summary>
    public ModelSpec? Model { get; init; }

    /// <summary>How it is trained, its stages included.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>The column that the saved model reads features from.</summary>
    public string FeatureColumn { get; init; } = "Features";

    /// <summary>The label's column, which the saved model remembers for evaluations.</summary>
    public string LabelColumn { get; init; } = "Label";

    /// <summary>How images were prepared; the saved model prepares images the same way. <see langword="null"/> for
    /// vectors.</summary>
    public ImageInput? Image { get; init; }

    /// <summary>The kind of tokens, where rows were cut or filled up to one length. The saved model does the
    /// same.</summary>
    internal TokenKind Tokens { get; init; }

    /// <summary>Whether features are brought to mean 0 and standard deviation 1 by numbers that become part of the
    /// graph; <see langword="null"/> does so unless the data says that it is normalised already.</summary>
    public bool? Standardize { get; init; }

    /// <summary>A model to continue from. Training starts from its weights and keeps its standardisation. Stages
    /// without a fit are applied to the model as it is.</summary>
    public ModelPackage? ContinueFrom { get; init; }

    /// <summary>Whether <see cref="ContinueFrom"/> gives all weights but those of the head, which are drawn for the label: other classes, another task. No by
    /// default: then the label must be the model's.</summary>
    public bool NewHead { get; init; }

    /// <summary>Callbacks of every fit, in order.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>The checkpoint file of the first fit; later fits append <c>.2</c>, <c>.3</c> … to the name. Training
    /// continues from files that exist.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>The checkpoint of another training to go on from, with options of its own; see
    /// <see cref="Trainer.StartCheckpoint"/>. It goes with neither stages nor <see cref="ContinueFrom"/>.</summary>
    public string? StartCheckpoint { get; init; }

    /// <summary>Cancels the training; checkpoints are kept.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Trains on a set in memory.</summary>
    /// <param name="examples">The training set.</param>
    /// <param name="validation">The validation set; <see langword="null"/> holds a part out where the
    /// options say so.</param>
    /// <exception cref="ArgumentException">Features, targets, options or stages do not suit each other;
    /// nothing was trained.</exception>
    /// <exception cref="InvalidOperationException">There is no usable example, or one class only.</exception>
    /// <exception cref="Layers.Contracts.ShapeException">The model does not take such an input, or
    /// cannot be scored.</exception>
    public RecipeResult Run(Examples examples, Examples? validation = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        Validate();
        return Run(ExamplePreparation.Of(examples, validation, Task, Form, Training, Image));
    }

    /// <summary>Trains on batches of one's own.</summary>
    /// <param name="batches">The data.</param>
    /// <exception cref="ArgumentException">Batches, options or stages do not suit each other;
    /// nothing was trained.</exception>
    /// <exception cref="InvalidOperationException">There is no example.</exception>
    /// <exception cref="Layers.Contracts.ShapeException">The model does not take such an input, or
    /// cannot be scored.</exception>
    public RecipeResult Run(OwnBatches batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Validate();
        if (Standardize == true)
        {
            throw new ArgumentException("Standardize asks for numbers of the features, but nobody looks at batches of "
                + "your own before they are trained on; standardise them where they are made.");
        }

        return new RecipeRun(this, batches.Prepared(Task, Form, Training)).Run();
    }

    internal RecipeResult Run(PreparedData data)
    {
        Validate();
        return new RecipeRun(this, EpochChoice.For(this, data)).Run();
    }

    // A model to continue from says what it is told where no other is named.
    private LabelForm? Form => Task?.LearnedLabel ?? (Model ?? ContinueFrom?.Manifest.ReadModel())?.ConditionLabel;

    // A task without a name would be found out only when the model is saved or scored.
    private void Validate()
    {
        ArgumentNullException.ThrowIfNull(Training, nameof(Training));
        if (Task is null && ContinueFrom is null && Model is null or NetworkSpec)
        {
            throw new ArgumentException(
                "A recipe without a task needs a model that is trained without labels; name a task, or such a model.",
                nameof(Task));
        }

        if (StartCheckpoint is not null && (Training.Stages.Count > 0 || ContinueFrom is not null))
        {
            throw new ArgumentException("A checkpoint to start from is of one training, which gives the weights; leave "
                + $"{(ContinueFrom is null ? "training.stages" : "the model to continue from")} out.", nameof(StartCheckpoint));
        }

        if (NewHead && ContinueFrom is null)
        {
            throw new ArgumentException("A new head is drawn for a model to continue from, but there is none; leave NewHead out.", nameof(NewHead));
        }

        if (Model is NetworkSpec { From: not null } && (ContinueFrom ?? (object?)StartCheckpoint) is not null)
        {
            throw new ArgumentException("network.from names a model to start from, and there is another to continue from; leave one of the two out.");
        }

        NestedStarts.Refuse(Model);
        RecordCheck.Require((Task, "task"), (Model, "network"), (Training, "training"));
        TaskModel.Check(Task, Model ?? ContinueFrom?.Manifest.ReadModel());
        RegisteredComponents.Check(Task, "task", "whoever scores the model looks it up by name");
    }
}

/// <summary>The result of a recipe.</summary>
/// <param name="Package">The model, ready to be saved or scored.</param>
/// <param name="Reports">How each fit went, in order; empty for a recipe without one.</param>
public sealed record RecipeResult(ModelPackage Package, IReadOnlyList<TrainingReport> Reports);
