using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Data in memory: images as bytes, which never pass through an <see cref="IDataView"/>, or vectors.</summary>
/// <param name="task">What is learnt; <see langword="null"/> for a model that is trained without labels.</param>
/// <param name="train">The training part.</param>
/// <param name="test">The test part.</param>
/// <param name="resize">How the saved model brings images of another size to that of the data; they are
/// stretched by default.</param>
/// <exception cref="ArgumentNullException">A part is null.</exception>
public sealed class LoadedExamples(LearningTask? task, Examples train, Examples test, ResizeMode resize = ResizeMode.Stretch) : LoadedData
{
    private const string ImageColumn = "Image";
    private const string VectorColumn = "Features";
    private readonly Examples train = Given(train, nameof(train), "train on");
    private readonly Examples test = Given(test, nameof(test), "test with");

    private ImageInput? Image => train.Features is byte[] && train.Shape.Rank == 4
        ? new(train.Shape.Size(1), train.Shape.Size(2), train.Shape.Size(3), resize)
        : null;

    private int Outputs => task switch
    {
        null => 0,
        { Label.IsClassIndex: true } => train.ClassNames.Count,
        { LearnsFromLabels: false } => task.Outputs(new()),
        _ => task.Outputs(new() { Width = train.TargetWidth }),
    };

    /// <inheritdoc/>
    public override string Description => string.Join("\n  ", Notes.Prepend(string.Create(CultureInfo.InvariantCulture,
        $"{train.Count:N0} {(IsUnlabelled ? "images" : "examples")} to train on, {(Validation is null ? "" : $"{Validation.Count:N0} to validate with, ")}")
            + string.Create(CultureInfo.InvariantCulture, $"{test.Count:N0} to test with{(IsUnlabelled ? "; they have no classes" : "")}")));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings => Doubts;

    /// <summary>What is said of the files that the examples are from.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Warnings of whoever has read the data.</summary>
    internal IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>Data of its own to validate with: a part of the data, or the fold of a cross-validation.</summary>
    internal Examples? Validation { get; init; }

    internal override bool HasValidation => Validation is not null;

    private bool IsUnlabelled => Image is not null && train.Targets is null;

    /// <inheritdoc/>
    public override (Shape Input, int Outputs) InputAndOutputs() => (train.Shape, Outputs);

    /// <summary>Both parts.</summary>
    internal (Examples Train, Examples Test) Parts => (train, test);

    /// <inheritdoc/>
    public override LoadedData Fold(int fold, int folds)
    {
        var (training, validation) = train.Fold(fold, folds, seed: 0);
        return new LoadedExamples(task, training, test, resize)
        {
            Validation = validation,
            Notes = Notes,
            Doubts = Validation is null ? Doubts : [.. Doubts, UnusedValidation],
        };
    }

    internal override (long Train, long Test)? Counts => (train.Count, test.Count);

    internal override LoadedData Sample(int rows) =>
        new LoadedExamples(task, Few(train, rows), Few(test, rows), resize)
        {
            Validation = Validation is null ? null : Few(Validation, rows),
            Notes = Notes,
            Doubts = Doubts,
        };

    /// <inheritdoc/>
    public override (ITransformer Model, NeuralNetworkTransformer Network) Fit(MLContext ml, NeuralNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(options);
        if (task is null && train.Targets is null && options.Network?.ConditionLabel is not null)
        {
            throw new InvalidDataException("The model is told the class of each row, but the data has no classes; leave its condition out, or give data with "
                + "classes, such as a folder with a sub-folder for each and no images beside these.");
        }

        (options.Image, options.FeatureColumnName) = (Image, Image is null ? VectorColumn : ImageColumn);
        var network = ml.NeuralNetwork(task, options).Fit(train, NormalRows.Of(Validation, task, options));
        if (task is not { Label.IsClassIndex: true })
        {
            return (new TransformerChain<ITransformer>(network), network);
        }

        var names = ml.Transforms.Conversion.MapKeyToValue(ModelColumns.PredictedLabelValue, "PredictedLabel")
            .Fit(network.Transform(Empty(ml)));
        return (new TransformerChain<ITransformer>(network, names), network);
    }

    /// <inheritdoc/>
    public override void MustSuit(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var manifest = FittedChain.Of(model).Network.Package.Manifest;
        _ = ScoredTask.Of(manifest);
        if (!SuitsInput(manifest.Input))
        {
            throw new InvalidDataException($"The model takes inputs {manifest.Input}, but the data gives {train.Shape}. Images of a named "
                + "data set are scaled by data.size in an experiment's file, those of a folder by data.image.");
        }

        _ = ExampleScores.Suited(train, manifest);
    }

    /// <inheritdoc/>
    public override (ITransformer Model, NeuralNetworkTransformer Network) Continue(
        MLContext ml, ITransformer model, NeuralNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(options);
        MustSuit(model);
        var chain = FittedChain.Of(model);
        var manifest = chain.Network.Package.Manifest;
        (options.ContinueFrom, options.Scoring, options.Image) = (chain.Network, chain.Network.Options, manifest.Image);
        (options.LabelColumnName, options.FeatureColumnName) = (manifest.LabelColumn, chain.Network.FeatureColumnName);
        var network = ml.NeuralNetwork(manifest.Task, options).Fit(
            ExampleScores.Suited(train, manifest), Validation is null ? null : ExampleScores.Suited(Validation, manifest));
        return (chain.With(network), network);
    }

    private bool SuitsInput(Shape input) => input.Rank == train.Shape.Rank && input.Type == train.Shape.Type
        && input.Dims.Zip(train.Shape.Dims).Skip(1).All(d => d.First.Size is null || d.First.Size == d.Second.Size);

    /// <inheritdoc/>
    /// <remarks>ML.NET cannot write an image column into a model's schema; a host states it by its row type.</remarks>
    public override DataViewSchema? InputSchema(MLContext ml)
    {
        ArgumentNullException.ThrowIfNull(ml);
        return Image is null ? Empty(ml).Schema : null;
    }

    /// <inheritdoc/>
    public override (float[] Scores, float[] Targets) Score(ITransformer model, NeuralNetworkTransformer network, DataPart part) =>
        ExampleScores.Of(network, part == DataPart.Test ? test : train, Progress);

    /// <inheritdoc/>
    internal override Examples RowsOf(DataPart part) => part == DataPart.Test ? test : train;

    internal override ClusterFigures Clusters(ITransformer model, NeuralNetworkTransformer network) =>
        ClusterFigures.Of(network, test);

    internal override bool HasTruth(DataPart part) => task is { LearnsFromLabels: true } || RowsOf(part).Targets is float[];

    internal override bool TakesRowsForNormal => true;

    internal override SeenRows? TestRows(ITransformer model, NeuralNetworkTransformer network, int most) => SeenRows.Of(test);

    internal static T Given<T>(T? part, string name, string use)
        where T : class => part ?? throw new ArgumentNullException(name, $"An experiment needs data to {use}, but the part is null.");

    private static Examples Few(Examples all, int count)
    {
        var chosen = (all.TargetWidth, all.Targets) switch
        {
            (1, long[] classes) => ViewRows.Some(classes, count),
            (1, float[] values) when Array.TrueForAll(values, v => v is 0 or 1) => ViewRows.Some(values, count),
            _ => ViewRows.Some(new byte[all.Count], count),
        };
        return all.Where(chosen.Contains);
    }

    private IDataView Empty(MLContext ml)
    {
        if (Image is not null)
        {
            var images = SchemaDefinition.Create(typeof(ImageRow));
            images[ImageColumn].ColumnType = new ImageDataViewType();
            return ml.Data.LoadFromEnumerable(Array.Empty<ImageRow>(), images);
        }

        var schema = SchemaDefinition.Create(typeof(VectorRow));
        schema[VectorColumn].ColumnType = new VectorDataViewType(NumberDataViewType.Single, (int)train.Shape.ElementsPerExample());
        return ml.Data.LoadFromEnumerable(Array.Empty<VectorRow>(), schema);
    }

    private sealed class ImageRow
    {
        // The schema definition says "any size"; the attribute alone cannot.
        [ImageType(1, 1)]
        public MLImage Image { get; set; } = null!;
    }

    private sealed class VectorRow
    {
        public float[] Features { get; set; } = [];
    }
}
