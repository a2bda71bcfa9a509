using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>Data that is no list of rows of one form: several inputs, targets of any form, lengths that differ from
/// batch to batch, examples that are made during training.</summary>
/// <remarks>The recipe trains on the batches as they come. It does not shuffle, hold out or augment them, does not
/// count classes, and does not dispose of the source. Features are standardised only where a continued model does
/// so.</remarks>
public sealed record OwnBatches
{
    /// <summary>Shape of a batch of the first input, [N, …]; sizes that differ between batches are symbolic,
    /// as in int64[N, T].</summary>
    public required Shape Shape { get; init; }

    /// <summary>The training data.</summary>
    public required IBatches Training { get; init; }

    /// <summary>The validation data; <see langword="null"/> for none.</summary>
    public IBatches? Validation { get; init; }

    /// <summary>The label, for example with the names of its classes. It tells a task how many outputs a network
    /// needs.</summary>
    public LabelInfo Label { get; init; } = new();

    /// <summary>How target values were standardised in these batches, so that the saved model and all figures are in
    /// the label's unit; not by default.</summary>
    public TargetScale Scale { get; init; } = TargetScale.None;

    /// <summary>Identifies data and batches, for example by the digest of a file; not empty. A checkpoint is continued
    /// only with the same identity.</summary>
    public required string Identity { get; init; }

    internal PreparedData Prepared(LearningTask? task, LabelForm? form, TrainingOptions options)
    {
        if (Shape.Rank < 2)
        {
            throw new ArgumentException(
                $"The batches' shape is {Shape}; expected the batch and at least one dimension more, such as [N, 4].");
        }

        var ignored = options.ValidationFraction > 0 ? "training.validationFraction"
            : options.Augmentations.Count > 0 ? "training.augmentations"
            : null;
        if (ignored is not null)
        {
            throw new ArgumentException($"{ignored} would do nothing, as the batches are your own; leave it out, and give Validation, or "
                + "change examples where they are made.");
        }

        if (string.IsNullOrWhiteSpace(Identity))
        {
            throw new ArgumentException("OwnBatches.Identity is empty; give what tells this data from other data, or a checkpoint would be "
                + "continued with whatever comes.");
        }

        if (Training.ExampleCount == 0 || Training.BatchCount < 1 || Validation is { ExampleCount: > 0, BatchCount: < 1 })
        {
            throw new InvalidOperationException($"Your batches are empty: {Training.ExampleCount} examples in {Training.BatchCount} batches"
                + $"{(Validation is null ? "" : $", for validation {Validation.ExampleCount} in {Validation.BatchCount}")}.");
        }

        CheckLabel(task);
        return new()
        {
            Shape = Shape,
            Task = task,
            Label = Label,
            Options = options,
            Summary = new(Shape, Training.ExampleCount),
            Digest = $"{Identity} {Shape} {Counts(Training)} {Counts(Validation)} {RecordJson.Serialize(Label)}",
            Training = (_, device) => new LentBatches(Training, "training", form, Label, device),
            Validation = (_, device) => Validation is { ExampleCount: > 0 }
                ? new LentBatches(Validation, "validation", form, Label, device)
                : null,
            Form = form,
            OwnScale = Scale,
        };
    }

    private void CheckLabel(LearningTask? task)
    {
        if (task is { Label.IsClassIndex: true } && task.Label.Classes(Label).Count < 2)
        {
            throw new ArgumentException($"{task.GetType().Name} needs the names of two classes or more; give them in OwnBatches.Label.");
        }

        if (Scale.IsNone)
        {
            return;
        }

        if (task is not { StandardizesTargets: true })
        {
            throw new ArgumentException($"OwnBatches.Scale says how targets are standardised, but "
                + $"{task?.GetType().Name ?? "a training without labels"} has none that are.");
        }

        if (Scale.Mean.Count != Label.Width
            || Scale.StandardDeviation.Count != Label.Width
            || !Scale.StandardDeviation.All(d => d > 0 && float.IsFinite(d)))
        {
            throw new ArgumentException($"OwnBatches.Scale has {Scale.Mean.Count} means and the deviations "
                + $"{Scale.StandardDeviation}, for targets of {Label.Width} values (OwnBatches.Label); give one of "
                + "each for each value, deviations above 0.");
        }
    }

    private static string Counts(IBatches? batches) => batches is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{batches.ExampleCount}/{batches.BatchCount}");
}
