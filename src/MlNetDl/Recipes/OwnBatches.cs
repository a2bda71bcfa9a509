using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>Data of a recipe that is no list of rows of one form: several inputs, targets of any form, lengths that differ from batch to
/// batch, examples that are made while training.</summary>
/// <remarks>Batches come as they are trained on: nothing is standardised, held out or augmented, and their examples' classes are not
/// counted. The recipe does not dispose of them.</remarks>
public sealed record OwnBatches
{
    /// <summary>Shape of a batch of the first input, [N, …]; sizes that differ between batches are symbolic, as in int64[N, T].</summary>
    public required Shape Shape { get; init; }

    /// <summary>The training data.</summary>
    public required IBatches Training { get; init; }

    /// <summary>The validation data; <see langword="null"/> for none.</summary>
    public IBatches? Validation { get; init; }

    /// <summary>What the label is, such as the names of the classes; a task asks it how many outputs a network needs.</summary>
    public LabelInfo Label { get; init; } = new();

    /// <summary>How target values were standardised in these batches, so that the saved model and all figures are in the label's unit;
    /// not by default.</summary>
    public TargetScale Scale { get; init; } = TargetScale.None;

    /// <summary>What tells this data from other data, such as the digest of a file: a checkpoint is continued only with the same.</summary>
    public required string Identity { get; init; }

    internal PreparedData Prepared(LearningTask? task, TrainingOptions options)
    {
        if (Shape.Rank < 2)
        {
            throw new ArgumentException($"The batches' shape is {Shape}; expected the batch and at least one dimension more, such as [N, 4].");
        }

        var ignored = options.ValidationFraction > 0 ? "training.validationFraction" : options.Augmentations.Count > 0 ? "training.augmentations" : null;
        if (ignored is not null)
        {
            throw new ArgumentException($"{ignored} would do nothing, as the batches are your own; leave it out, and give Validation, or "
                + "change examples where they are made.");
        }

        return Training.ExampleCount == 0
            ? throw new InvalidOperationException("The training data is empty: your batches have no example.")
            : new()
            {
                Shape = Shape,
                Task = task,
                Label = Label,
                Summary = new(Shape, Training.ExampleCount),
                Digest = Identity,
                Training = (_, device) => new Lent(Training, device),
                Validation = (_, device) => Validation is null ? null : new Lent(Validation, device),
                OwnScale = Scale,
            };
    }

    /// <summary>Brings batches to where the networks are; whoever made them frees what they were made of.</summary>
    private sealed class Lent(IBatches batches, Device device) : IBatches
    {
        public long ExampleCount => batches.ExampleCount;

        public int BatchCount => batches.BatchCount;

        public IEnumerable<Batch> Epoch(int epoch, int skip = 0) => batches.Epoch(epoch, skip).Select(b => b with
        {
            Inputs = [.. b.Inputs.Select(i => i.to(device))],
            Targets = b.Targets.ToDictionary(t => t.Key, t => t.Value.to(device)),
            Weights = b.Weights?.to(device),
            Rows = b.Rows?.to(device),
        });
    }
}
