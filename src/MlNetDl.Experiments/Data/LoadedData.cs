using Microsoft.ML;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>A part of an experiment's data.</summary>
public enum DataPart
{
    /// <summary>The part that is trained on.</summary>
    Train,

    /// <summary>The data that the model is judged by. No choice of the training depends on it.</summary>
    Test,
}

/// <summary>An experiment's data, ready to train on and to be tested with. <see cref="LoadedExamples"/> holds examples
/// in memory, <see cref="LoadedRows"/> rows of columns; another form derives from this class.</summary>
public abstract class LoadedData
{
    /// <summary>Is said where data of its own to validate with gives way to folds.</summary>
    private protected const string UnusedValidation = "search.folds hold out parts of the training part, so the validation part is not used.";

    private const int MostTimed = 512, MostTimedValues = 1 << 22;

    /// <summary>How much there is, and how it was read, for people.</summary>
    public abstract string Description { get; }

    /// <summary>Warnings for people: data that looks wrong but is used.</summary>
    public virtual IReadOnlyList<string> Warnings => [];

    /// <summary>Tells callbacks how much there is, and what is doubtful.</summary>
    internal void Tell(IReadOnlyList<Callback> callbacks, string? doubt)
    {
        foreach (var callback in callbacks)
        {
            callback.Message(Description);
            foreach (var warning in doubt is null ? Warnings : Warnings.Prepend(doubt))
            {
                callback.Message($"warning: {warning}");
            }
        }
    }

    /// <summary>Tells warnings alone.</summary>
    internal void Tell(Action<string>? warn)
    {
        foreach (var warning in warn is null ? [] : Warnings)
        {
            warn!(warning);
        }
    }

    /// <summary>Is told how many rows are scored; nobody by default.</summary>
    internal IProgress<long>? Progress { get; set; }

    /// <summary>Shape of the network's input, and the number of its outputs.</summary>
    public abstract (Shape Input, int Outputs) InputAndOutputs();

    /// <summary>The data of one split of a cross-validation: it trains on the training part without a fold, and that fold is
    /// its validation data. The test part stays.</summary>
    /// <param name="fold">The fold that is held out, from 0.</param>
    /// <param name="folds">How many there are, 2 or more.</param>
    /// <exception cref="NotSupportedException">Data of this form is not split; by default it is not.</exception>
    public virtual LoadedData Fold(int fold, int folds) => throw new NotSupportedException(
        $"{GetType().Name} does not split its data into folds; override Fold, or search with training.validationFraction.");

    /// <summary>How many rows the parts have; <see langword="null"/>, the default, where data of this form does not tell.</summary>
    internal virtual (long Train, long Test)? Counts => null;

    /// <summary>A few rows of both parts that are trained on as all would be: with the features and classes of all rows.
    /// <see langword="null"/>, the default, where data of this form gives none.</summary>
    /// <param name="rows">The most rows of a part.</param>
    internal virtual LoadedData? Sample(int rows) => null;

    /// <summary>Trains; returns the whole chain to be saved, and the network in it.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="options">How it is trained; the names of columns are set in it.</param>
    public abstract (ITransformer Model, NeuralNetworkTransformer Network) Fit(MLContext ml, NeuralNetworkOptions options);

    /// <summary>Refuses a saved model that cannot be trained on with this data: of another task, for other classes, or with another
    /// input. By default data of any form is refused.</summary>
    /// <param name="model">The whole chain.</param>
    /// <exception cref="InvalidDataException">It does not suit; the message names both sides.</exception>
    public virtual void MustSuit(ITransformer model) => throw new InvalidDataException(
        $"{GetType().Name} does not train saved models on; override MustSuit and Continue.");

    /// <summary>Trains a saved model on with the training part. What stands before its network stays as it was fitted.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">The whole chain.</param>
    /// <param name="options">How it is trained; the columns, the form of the input and the network to continue from are set in
    /// it.</param>
    /// <returns>The chain with the trained network in its place, and that network.</returns>
    /// <exception cref="InvalidDataException">The model does not suit the data (<see cref="MustSuit"/>).</exception>
    /// <exception cref="NotSupportedException">Data of this form does not train saved models on; by default it does
    /// not.</exception>
    public virtual (ITransformer Model, NeuralNetworkTransformer Network) Continue(
        MLContext ml, ITransformer model, NeuralNetworkOptions options) =>
        throw new NotSupportedException($"{GetType().Name} does not train saved models on; override MustSuit and Continue.");

    /// <summary>The schema that a saved model takes; <see langword="null"/> where it cannot be written.</summary>
    public abstract DataViewSchema? InputSchema(MLContext ml);

    /// <summary>Scores and truth of a part, row-major.</summary>
    /// <param name="model">The whole chain.</param>
    /// <param name="network">The network in it.</param>
    /// <param name="part">The part.</param>
    /// <exception cref="InvalidDataException">The labels do not suit the model.</exception>
    public abstract (float[] Scores, float[] Targets) Score(ITransformer model, NeuralNetworkTransformer network, DataPart part);

    /// <summary>Whether there is data of its own to validate with, so that no share of the training part is held out; not by default.</summary>
    internal virtual bool HasValidation => false;

    /// <summary>What the held-out rows of a training are, for people.</summary>
    internal string HeldOut(Training.TrainingOptions training) => HasValidation ? "rows of the validation part" : string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"rows that validationFraction {training.ValidationFraction} and seed {training.Seed} hold out of the training part");

    /// <summary>The rows of a part as they are before a model is trained, with class indices as targets where there are labels; none by
    /// default.</summary>
    internal virtual Examples? RowsOf(DataPart part) => null;

    /// <summary>The rows of a part as a trained network sees them; those of <see cref="RowsOf(DataPart)"/> by default.</summary>
    internal virtual Examples? RowsOf(ITransformer model, NeuralNetworkTransformer network, DataPart part) => RowsOf(part);

    /// <summary>How a k-means does on the test part; <see langword="null"/>, the default, where data of this form does not tell.</summary>
    internal virtual ClusterFigures? Clusters(ITransformer model, NeuralNetworkTransformer network) => null;

    /// <summary>The first rows of the test part as the network takes them, row-major, to time it with; none by default, and where they
    /// have no known size.</summary>
    internal float[] TimedRows(ITransformer model, NeuralNetworkTransformer network) =>
        TestRows(model, network, MostTimedOf(network)) is { } rows ? [.. rows.First(MostTimed).SelectMany(row => row)] : [];

    // Rows of many features are as good a measure, and fewer of them take less memory.
    private static int MostTimedOf(NeuralNetworkTransformer network)
    {
        long width = network.Package.Manifest.Input.Dims.Skip(1).Aggregate(1L, (all, dim) => all * (dim.Size ?? 1));
        return (int)Math.Clamp(MostTimedValues / width, 1, MostTimed);
    }

    /// <summary>The line of each row of a part in its file; <see langword="null"/>, the default, for rows that come from no lines.</summary>
    internal virtual IEnumerable<long>? Lines(DataPart part) => null;

    /// <summary>Whether the rows of a part have labels of the task, for one that learns without them; no by default.</summary>
    internal virtual bool HasTruth(DataPart part) => false;

    /// <summary>Whether rows without such labels count as normal when they are scored; no by default: they are not judged then.</summary>
    internal virtual bool TakesRowsForNormal => false;

    /// <summary>The rows of the test part as the network takes them; <see langword="null"/> by default, and where they have no known
    /// size.</summary>
    /// <param name="model">The whole chain.</param>
    /// <param name="network">The network in it.</param>
    /// <param name="most">How many rows are needed at most; there may be more.</param>
    internal virtual SeenRows? TestRows(ITransformer model, NeuralNetworkTransformer network, int most) => null;
}
