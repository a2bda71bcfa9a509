using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Tasks;
using MlNetDl.Training;
using TorchSharp;

namespace MlNetDl.Recipes;

/// <summary>Makes the batches of one part of the data.</summary>
/// <param name="scale">How target values are standardised.</param>
/// <param name="device">The device of the batches.</param>
internal delegate IBatches? MakeBatches(TargetScale scale, torch.Device device);

/// <summary>Data ready for training: in memory where it fits the budget, otherwise read anew every epoch.</summary>
internal sealed record PreparedData
{
    /// <summary>Shape of a batch of features.</summary>
    public required Shape Shape { get; init; }

    /// <summary>The task; <see langword="null"/> without labels.</summary>
    public required LearningTask? Task { get; init; }

    /// <summary>The form of the label that is read: that of the task, or of a model's condition; <see langword="null"/> where none is.</summary>
    public required LabelForm? Form { get; init; }

    /// <summary>The label: its width, and the names of its classes.</summary>
    public required LabelInfo Label { get; init; }

    /// <summary>The summary of the training part.</summary>
    public required DataSummary Summary { get; init; }

    /// <summary>The digest of training rows, validation rows and class names. A checkpoint belongs to it.</summary>
    public required string Digest { get; init; }

    /// <summary>The training's options, with the size of batches that was chosen where nobody set one.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The training part as one set; <see langword="null"/> where it is not in memory.</summary>
    public Examples? InMemory { get; init; }

    /// <summary>Whether some rows are for validation.</summary>
    public bool HasValidation { get; init; }

    /// <summary>The training part.</summary>
    public required MakeBatches Training { get; init; }

    /// <summary>The validation part; gives <see langword="null"/> where there is none.</summary>
    public required MakeBatches Validation { get; init; }

    /// <summary>For an image column, how images are prepared.</summary>
    public ImageInput? Image { get; init; }

    /// <summary>The kind of tokens, where rows were cut or filled up to one length. The saved model does the
    /// same.</summary>
    public TokenKind Tokens { get; init; }

    /// <summary>The inputs of a row where there are several, and <see cref="Shape"/> is that of whole rows; empty where there is one.</summary>
    public ValueList<FeaturePart> Parts { get; init; } = [];

    /// <summary>The names of the features of a vector; empty where they have none.</summary>
    public ValueList<string> FeatureNames { get; init; } = [];

    /// <summary>Whether the features are normalised already.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>How targets are standardised in batches of one's own; <see langword="null"/> where the recipe
    /// makes the batches.</summary>
    public TargetScale? OwnScale { get; init; }

    /// <summary>Whether the training part is read anew every epoch.</summary>
    public bool Streams { get; init; }

    /// <summary>Messages about rows that were left out, kept or chosen. A warning begins with <c>warning:
    /// </c>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Refuses data from which nothing can be learned.</summary>
    /// <exception cref="InvalidOperationException">There is no row, or one class only.</exception>
    public PreparedData Checked()
    {
        if (Summary.Count == 0)
        {
            throw new InvalidOperationException($"The training data is empty: no row has "
                + $"{(Form is null ? "features" : "a label, features")} and a weight above 0.");
        }

        if (Task?.LearnedLabel?.Classes(Label).Count > 0 && Summary.Classes < 2)
        {
            throw new InvalidOperationException("All training rows have the same label; a classifier needs at least two classes.");
        }

        return this;
    }
}
