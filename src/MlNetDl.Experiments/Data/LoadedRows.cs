using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Rows of columns: numbers as they are, words one-hot, all in one feature vector.</summary>
/// <param name="task">What is learnt; <see langword="null"/> for a model that is trained without labels.</param>
/// <param name="train">The training part. All columns but the label are features: numbers, vectors of
/// numbers, or words.</param>
/// <param name="test">The test part, with the same columns.</param>
/// <param name="label">The column to predict; <see langword="null"/> without labels.</param>
/// <param name="warnings">Warnings for people: data that looks wrong but is used.</param>
/// <exception cref="ArgumentNullException">A part is null.</exception>
public sealed class LoadedRows(
    LearningTask? task, IDataView train, IDataView test, string? label, IReadOnlyList<string>? warnings = null) : LoadedData
{
    private const string FeatureColumn = "Features";
    private const int NamedColumns = 6;
    private readonly IDataView train = LoadedExamples.Given(train, nameof(train), "train on");
    private readonly IDataView test = LoadedExamples.Given(test, nameof(test), "test with");

    private IEnumerable<DataViewSchema.Column> FeatureColumns => train.Schema.Where(c => !c.IsHidden && c.Name != label);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings => warnings ?? [];

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            var counts = string.Create(CultureInfo.InvariantCulture, $"{TableFormat.Counted(ViewRows.Count(train), "row")} to train on, "
                + $"{(Validation is null ? "" : $"{ViewRows.Count(Validation):N0} to validate with, ")}{ViewRows.Count(test):N0} to test with; ");
            var columns = FeatureColumns.Where(c => !IsDate(c) && !IsText(c)).ToList();
            var all = counts + Columns("number", columns.Where(c => !IsWords(c))) + Columns("date", FeatureColumns.Where(IsDate))
                + Columns("text", FeatureColumns.Where(IsText))
                + Columns("word", columns.Where(IsWords));
            return string.Join("\n  ", Notes.Prepend(all.TrimEnd(' ', ';')));
        }
    }

    /// <summary>Both parts as they were read.</summary>
    internal (IDataView Train, IDataView Test) Views => (train, test);

    /// <summary>What is said of the file that the rows are from.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Makes features of a table's columns; <see langword="null"/> where rows come as views, whose columns are taken as they are.</summary>
    internal TableFeatures? TableFeatures { get; init; }

    /// <summary>The lines of a part's rows; <see langword="null"/> where rows come as views.</summary>
    internal Func<DataPart, IEnumerable<long>>? LinesOf { get; init; }

    /// <summary>The label that means yes, and what stands between several labels of a row, where these are none of the usual ones.</summary>
    internal (string? Positive, string? Separator) LabelWords { get; init; }

    /// <summary>Rows of their own to validate with: a table beside that of the training, or the fold of a cross-validation.</summary>
    internal IDataView? Validation { get; init; }

    internal override bool HasValidation => Validation is not null;

    // All rows that labels are known from, as a class may have all its rows in one fold; and those that features are made of in a sample.
    private IDataView? Whole { get; init; }
    private IDataView? FeaturesOf { get; init; }

    internal override (long Train, long Test)? Counts => (ViewRows.Count(train), ViewRows.Count(test));

    internal override LoadedData Sample(int rows) =>
        Part(ViewRows.Few(train, rows, label), ViewRows.Few(test, rows, label), ViewRows.Few(Validation, rows, label), warnings, featuresOf: train);

    /// <inheritdoc/>
    /// <remarks>ML.NET draws the folds, without regard to classes.</remarks>
    public override LoadedData Fold(int fold, int folds)
    {
        var splits = new MLContext(seed: 0).Data.CrossValidationSplit(train, folds, seed: 0);
        return Part(splits[fold].TrainSet, test, splits[fold].TestSet, Validation is null ? warnings : [.. warnings ?? [], UnusedValidation]);
    }

    private LoadedRows Part(
        IDataView some, IDataView held, IDataView? validation, IReadOnlyList<string>? said, IDataView? featuresOf = null) => new(task, some, held, label, said)
        {
            Validation = validation,
            Whole = Whole ?? train,
            FeaturesOf = featuresOf,
            Notes = Notes,
            LinesOf = held == test ? LinesOf : null,
            TableFeatures = TableFeatures,
            LabelWords = LabelWords,
        };

    /// <inheritdoc/>
    public override (ITransformer Model, NeuralNetworkTransformer Network) Fit(MLContext ml, NeuralNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(options);
        (options.LabelColumnName, options.FeatureColumnName) = (label ?? options.LabelColumnName, FeatureColumn);
        if (TableFeatures?.HasTexts == true)
        {
            options.Standardize ??= false;
        }

        var features = Features(ml).Fit(FeaturesOf ?? train);
        var prepared = features.Transform(train);
        // The model is left without the label's mapping: where it predicts, there is no label.
        bool isTold = task is null && options.Network?.ConditionLabel is not null;
        if (isTold && label is null)
        {
            throw new InvalidDataException("The model is told the class of each row, but no column holds it; name it in data.label.");
        }

        if (isTold && test.GetColumn<string>(label!).Except((Whole ?? train).GetColumn<string>(label!)).FirstOrDefault() is { } unseen)
        {
            throw new InvalidDataException($"The test part has the class '{unseen}' in column '{label}', which no row to train on has, and the model is told "
                + "classes; leave such rows out, or give them in both parts (data.testCsv).");
        }

        var labels = Labels(ml, Whole ?? train, isTold);
        var held = NormalRows.Of(Validation, label, task, options);
        var network = ml.NeuralNetwork(task, options).Fit(Labelled(prepared, labels), held is null ? null : Labelled(features.Transform(held), labels));
        ITransformer[] names = task is { Label.IsClassIndex: true }
            ? [ml.Transforms.Conversion.MapKeyToValue(ModelColumns.PredictedLabelValue, "PredictedLabel").Fit(network.Transform(prepared))]
            : [];
        return (new TransformerChain<ITransformer>([.. features, network, .. names]), network);
    }

    /// <inheritdoc/>
    public override void MustSuit(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var chain = FittedChain.Of(model);
        var manifest = chain.Network.Package.Manifest;
        _ = ScoredTask.Of(manifest);
        if (label != manifest.LabelColumn)
        {
            throw new InvalidDataException($"The data's label is '{label}', but the model was trained on the label '{manifest.LabelColumn}'; "
                + "give the column that name.");
        }

        _ = Prepared(new MLContext(), chain);
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
        (options.ContinueFrom, options.Scoring) = (chain.Network, chain.Network.Options);
        (options.LabelColumnName, options.FeatureColumnName) = (manifest.LabelColumn, chain.Network.FeatureColumnName);
        options.InputShape = manifest.Input is { Rank: not 2 } or { Type: not ElementType.Float32 } ? manifest.Input : null;
        var network = ml.NeuralNetwork(manifest.Task, options).Fit(
            Prepared(ml, chain), Validation is null ? null : SavedLabels.Keyed(ml, chain.Input(Validation), manifest));
        return (chain.With(network), network);
    }

    /// <inheritdoc/>
    public override (Shape Input, int Outputs) InputAndOutputs()
    {
        var ml = new MLContext(seed: 0);
        var prepared = Labelled(Features(ml).Fit(train).Transform(train), Labels(ml, train)).Schema;
        int outputs = task is null ? 0 : LabelOf(train) is null ? 1 : task.Label.Describe(prepared[label!]) is { } described ? task.Outputs(described) : 1;
        return (Shape.Vector(((VectorDataViewType)prepared[FeatureColumn].Type).Size), outputs);
    }

    /// <inheritdoc/>
    public override DataViewSchema? InputSchema(MLContext ml)
    {
        var schema = new DataViewSchema.Builder();
        foreach (var (index, column) in FeatureColumns.Index())
        {
            schema.AddColumn(column.Name, column.Type, index == 0 ? TrainedTable.With(column.Annotations, LabelWords) : column.Annotations);
        }

        return schema.ToSchema();
    }

    /// <inheritdoc/>
    public override (float[] Scores, float[] Targets) Score(ITransformer model, NeuralNetworkTransformer network, DataPart part)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(network);
        var rows = part == DataPart.Test ? test : train;
        return task is { LearnsFromLabels: false } && LabelOf(rows) is null
            ? TableScores.OfNormal(model.Transform(rows), network.Package.Manifest, Progress)
            : TableScores.Of(model.Transform(rows), network.Package.Manifest, Progress);
    }

    internal override ClusterFigures Clusters(ITransformer model, NeuralNetworkTransformer network)
    {
        var scored = model.Transform(test);
        List<string>? names = LabelOf(test) is null ? null : [.. scored.GetColumn<string>(label!)];
        var classes = names?.Distinct().ToList();
        return ClusterFigures.Of(
            network.Package,
            [.. scored.GetColumn<float[]>(network.FeatureColumnName)],
            [.. TableScores.Rows(scored)],
            names is null ? null : [.. names.Select(n => classes!.IndexOf(n))]);
    }

    internal override IEnumerable<long>? Lines(DataPart part) => LinesOf?.Invoke(part);

    internal override bool HasTruth(DataPart part) => LabelOf(part == DataPart.Test ? test : train) is not null;

    internal override bool TakesRowsForNormal => true;

    internal override SeenRows? TestRows(ITransformer model, NeuralNetworkTransformer network, int most)
    {
        var rows = SeenRows.Of(FittedChain.Of(model).Input(test), network.FeatureColumnName, most);
        return LabelOf(test) is { } column && test.Schema[column].Type is TextDataViewType && rows is not null
            ? rows with { Classes = [.. test.GetColumn<ReadOnlyMemory<char>>(column).Take(rows.Count).Select(c => c.ToString())] }
            : rows;
    }

    internal override Examples? RowsOf(ITransformer model, NeuralNetworkTransformer network, DataPart part)
    {
        var rows = part == DataPart.Test ? test : train;
        var input = FittedChain.Of(model).Input(rows);
        if (input.Schema.GetColumnOrNull(network.FeatureColumnName)
                is not { Type: VectorDataViewType { ItemType: var item, Size: > 0 and var width } } column
            || item != NumberDataViewType.Single)
        {
            return null;
        }

        var values = input.GetColumn<float[]>(column).SelectMany(v => v).ToArray();
        if (LabelOf(rows) is null || rows.Schema[label!].Type is not TextDataViewType)
        {
            return new(Shape.Vector(width), values);
        }

        // In the order of the training part.
        var names = train.GetColumn<string>(label!).Distinct().ToList();
        return new(Shape.Vector(width), values, rows.GetColumn<string>(label!).Select(n => (long)names.IndexOf(n)).ToArray()) { ClassNames = [.. names] };
    }

    // For a task that learns without labels, a part may lack their column.
    private string? LabelOf(IDataView rows) => label is not null && rows.Schema.GetColumnOrNull(label) is not null ? label : null;

    // The training part as the network of a saved model sees it.
    private IDataView Prepared(MLContext ml, FittedChain chain)
    {
        var manifest = chain.Network.Package.Manifest;
        try
        {
            return SavedLabels.Keyed(ml, chain.Input(train), manifest);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw FittedChain.Unsuited(e, train);
        }
    }

    private EstimatorChain<ITransformer> Features(MLContext ml)
    {
        var chain = new EstimatorChain<ITransformer>();
        if (TableFeatures is not null)
        {
            var (steps, features) = TableFeatures.Of(ml, train);
            return steps.Aggregate(chain, (all, step) => all.Append(step)).Append<ITransformer>(ml.Transforms.Concatenate(FeatureColumn, [.. features]));
        }

        var words = FeatureColumns.Where(IsWords).Select(c => new InputOutputColumnPair(c.Name)).ToArray();
        if (words.Length > 0)
        {
            chain = chain.Append<ITransformer>(ml.Transforms.Categorical.OneHotEncoding(words));
        }

        return chain.Append<ITransformer>(ml.Transforms.Concatenate(FeatureColumn, [.. FeatureColumns.Select(c => c.Name)]));
    }

    // The classes by name; null where labels are no names.
    private ITransformer? Labels(MLContext ml, IDataView rows, bool isTold = false) =>
        label is not null && (task is { Label.IsClassIndex: true } || isTold) ? ml.Transforms.Conversion.MapValueToKey(label).Fit(rows) : null;

    private static IDataView Labelled(IDataView rows, ITransformer? labels) => labels?.Transform(rows) ?? rows;

    private static string Columns(string kind, IEnumerable<DataViewSchema.Column> columns)
    {
        var names = columns.Select(c => c.Name).ToList();
        var some = string.Join(", ", names.Take(NamedColumns));
        return names.Count == 0
            ? ""
            : $"{names.Count} column{(names.Count == 1 ? "" : "s")} of {kind}s ({some}{(names.Count > NamedColumns ? ", …" : "")}); ";
    }

    private bool IsDate(DataViewSchema.Column column) => TableFeatures?.IsDate(column.Name) == true;

    private bool IsText(DataViewSchema.Column column) => TableFeatures?.IsText(column.Name) == true;

    private static bool IsWords(DataViewSchema.Column column) => column.Type is TextDataViewType;
}
