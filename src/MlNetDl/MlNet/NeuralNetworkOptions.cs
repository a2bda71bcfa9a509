using MlNetDl.Configuration;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.MlNet;

/// <summary>Settings of a <see cref="NeuralNetworkTrainer"/>, which copies them when it is made: later changes do
/// not reach it.</summary>
public sealed class NeuralNetworkOptions
{
    /// <summary>The architecture; <see langword="null"/> takes that of <see cref="ContinueFrom"/>, or without one a
    /// hidden layer of 128.</summary>
    public ModelSpec? Network { get; set; }

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; set; } = new();

    /// <summary>The label: a key for multiclass, a Boolean (or a Single of 0 and 1) for binary, a Single or a vector of
    /// Single for regression.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The features: a vector of Single of known size, dense or sparse, a Single, or an
    /// <see cref="Microsoft.ML.Data.MLImage"/>, or a vector of bytes that is an image's file (<see cref="Image"/> says so).
    /// With an <see cref="InputShape"/> of int64, tokens: whole numbers, keys
    /// (from 1; 0 is missing), or text (its UTF-8 bytes, from 1).</summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>The columns of a network of several inputs, by the names under which the network reads them
    /// (<c>new Read("photo")</c>), such as <c>FeatureColumns = { ["photo"] = "Photo", ["table"] = "Features" }</c>. Empty, the default, reads
    /// <see cref="FeatureColumnName"/> alone. Each input is standardised by its own numbers. With it, <see cref="FeatureColumnName"/>,
    /// <see cref="Image"/> and <see cref="InputShape"/> stay unset: each column has its own.</summary>
    public OrderedDictionary<string, FeatureInput> FeatureColumns { get; private set; } = [];

    /// <summary>Weights of the examples, Single, finite, 0 or more; <see langword="null"/> weighs all the same. Only
    /// their ratios matter, within a batch. A row of weight 0 is left out, as ML.NET does; one of weight 2 counts as
    /// two such rows, in the standardisation too.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>For an image column, what the network takes; <see langword="null"/> takes the column's own size, in
    /// colour. Images of another size are scaled. A column of bytes holds the files of images (PNG, JPEG, BMP, GIF or WebP) where this is set; a row
    /// without bytes, or with one that claims more than <see cref="ImageDecoder.HostPixels"/> pixels, is refused by its number.</summary>
    public ImageInput? Image { get; set; }

    /// <summary>For a vector column that is really an image, its form, such as <c>Shape.Image(1, 28, 28)</c>. For a
    /// column of tokens how many a row has, such as <c>Shape.Parse("int64[N, 128]")</c>: longer rows are cut, which is
    /// told, and shorter ones filled with 0 at their end, in training and in scoring alike. <see langword="null"/>
    /// leaves a vector a vector.</summary>
    public Shape? InputShape { get; set; }

    /// <summary>Whether inputs are brought to mean 0 and standard deviation 1 (each feature; for images each channel),
    /// by numbers fitted on the training part that become the graph's first layer. <see langword="null"/> does so
    /// unless the column is marked as normalised already.</summary>
    public bool? Standardize { get; set; }

    /// <summary>A fitted model to continue from: training starts from its weights and keeps its standardisation. With
    /// <see cref="Network"/> unset its network is taken as it is, also where stages have changed it; a network that is
    /// named must be the same.</summary>
    public NeuralNetworkTransformer? ContinueFrom { get; set; }

    /// <summary>Whether <see cref="ContinueFrom"/> gives all weights but those of the head, which are drawn for the label: another number of classes, another
    /// task. No by default: then the label must be the model's. The head is what stands behind the backbone of <see cref="Network"/>, or, where that is unset,
    /// the model's last linear layer.</summary>
    public bool NewHead { get; set; }

    /// <summary>How the fitted model scores.</summary>
    public ScoringOptions Scoring { get; set; } = ScoringOptions.Default;

    /// <summary>Cancels training.</summary>
    public CancellationToken Stop { get; set; }

    /// <summary>Take part in training: progress, logging, ending it.</summary>
    public IReadOnlyList<Callback> Callbacks { get; set; } = [];

    /// <summary>A checkpoint file; if it is there, training continues from it.</summary>
    public string? CheckpointPath { get; set; }

    /// <summary>The checkpoint of another training of such a network to go on from, with options of its own:
    /// weights, standardisation, and the optimiser's state where that is of the same kind. So a training may change its
    /// learning rate, dropout or batch size on the way. It goes with neither stages nor <see cref="ContinueFrom"/>.</summary>
    /// <remarks>The order of the data goes on after the epochs before; see <see cref="Trainer.StartCheckpoint"/>.</remarks>
    public string? StartCheckpoint { get; set; }

    /// <summary>The form of the label that is read for a task, or for a model's condition; <see langword="null"/> where none is.</summary>
    internal LabelForm? LabelFor(LearningTask? task) => task?.LearnedLabel ?? (Network ?? ContinueFrom?.Package.Manifest.ReadModel())?.ConditionLabel;

    /// <summary>The defaults as a delegate changes them.</summary>
    internal static NeuralNetworkOptions Of(Action<NeuralNetworkOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new NeuralNetworkOptions();
        configure(options);
        return options;
    }

    internal NeuralNetworkOptions Copy()
    {
        var copy = (NeuralNetworkOptions)MemberwiseClone();
        copy.Callbacks = [.. Callbacks];
        copy.FeatureColumns = new(FeatureColumns);
        return copy;
    }

    /// <summary>Refuses what is absent or out of range, before any data is read.</summary>
    internal void Validate(LearningTask? task)
    {
        MustBe(Training, nameof(Training));
        MustBe(Scoring, nameof(Scoring));
        MustBe(Callbacks, nameof(Callbacks));
        MustBe(LabelColumnName, nameof(LabelColumnName));
        MustBe(FeatureColumnName, nameof(FeatureColumnName));
        RecordCheck.Require((task, "task"), (Network, "network"), (Training, "training"), (Scoring, "scoring"));
        TaskModel.Check(task, Network ?? ContinueFrom?.Package.Manifest.ReadModel());
        CheckFeatureColumns();
        foreach (var own in FeatureColumns.Values.Select(c => c.Image).Prepend(Image))
        {
            CheckImage(own);
        }
    }

    private static void MustBe(object? value, string member)
    {
        if (value is null or "")
        {
            // It is a member of what the caller gave, and no parameter.
            throw new ArgumentNullException(
                paramName: null, $"NeuralNetworkOptions.{member} is {(value is null ? "null" : "empty")}; leave it at its default, or give one.");
        }
    }

    private void CheckFeatureColumns()
    {
        if (FeatureColumns.Count == 0)
        {
            return;
        }

        if (FeatureColumns.FirstOrDefault(c => string.IsNullOrEmpty(c.Key) || string.IsNullOrEmpty(c.Value?.Column)) is { } empty
            && (empty.Key is not null || empty.Value is not null))
        {
            throw new ArgumentException($"FeatureColumns names no column for the input '{empty.Key}'; give both names, as in [\"photo\"] = \"Photo\".");
        }

        if (FeatureColumnName != "Features" || Image is not null || InputShape is not null)
        {
            throw new ArgumentException("FeatureColumns names the columns of several inputs, so FeatureColumnName, Image and InputShape must stay unset; "
                + "a column has its own, as in [\"photo\"] = new(\"Photo\") { Image = new(3, 32, 32) }.");
        }
    }

    private static void CheckImage(ImageInput? asked)
    {
        if (asked is { } image && (image.Channels is not (1 or 3) || image.Height < 1 || image.Width < 1))
        {
            throw new ArgumentException($"Image asks for {image.Channels} channels, {image.Height} x {image.Width}; "
                + "expected 1 (grey) or 3 (colour) channels and a size of 1 x 1 or more.");
        }
    }
}
