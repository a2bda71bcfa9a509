using Microsoft.ML;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.MlNet;

/// <summary>Makes fitted models smaller, and tells what that saves and loses: <c>ml.Compression()</c>.</summary>
public sealed class CompressionCatalog
{
    private readonly MLContext context;

    internal CompressionCatalog(MLContext context) => this.context = context;

    /// <summary>Applies stages such as pruning to a model that is fitted already.</summary>
    /// <param name="model">A network, or a chain with one in it; it stays as it is.</param>
    /// <param name="train">The data that the stages train on, of the chain's input. It needs the label. All examples count alike; a
    /// column of weights is not known to the model, and is named in the options of the last overload.</param>
    /// <param name="stages">The stages, in order.</param>
    /// <returns>The same chain with the compressed network in its place.</returns>
    /// <exception cref="ArgumentException">There is no network in the model, the data does not suit it, or a stage does not
    /// suit it.</exception>
    public ITransformer Prune(ITransformer model, IDataView train, params IReadOnlyList<Stage> stages) =>
        Prune(model, train, null, stages);

    /// <summary>Applies stages to a model that is fitted already, with training options of its own.</summary>
    /// <param name="model">A network, or a chain with one in it; it stays as it is.</param>
    /// <param name="train">The data that the stages train on, of the chain's input. It needs the label. All examples count alike; a
    /// column of weights is not known to the model, and is named in the options of the last overload.</param>
    /// <param name="training">How stages train where they do not say otherwise; <see langword="null"/> takes the options of
    /// the model's last training, where the model knows them.</param>
    /// <param name="stages">The stages, in order.</param>
    /// <returns>The same chain with the compressed network in its place.</returns>
    /// <exception cref="ArgumentException">There is no network in the model, the data does not suit it, or a stage does not
    /// suit it.</exception>
    public ITransformer Prune(ITransformer model, IDataView train, TrainingOptions? training, params IReadOnlyList<Stage> stages)
    {
        var manifest = NetworkInChain.Of(model).Network.Package.Manifest;
        return Prune(model, train, null, new NeuralNetworkOptions { Training = training ?? OptionsOf(manifest) }, stages);
    }

    /// <summary>Applies stages to a model that is fitted already, with validation data, checkpoints and all else that a trainer
    /// takes.</summary>
    /// <param name="model">A network, or a chain with one in it; it stays as it is.</param>
    /// <param name="train">The data that the stages train on, of the chain's input. It needs the label.</param>
    /// <param name="validation">Validation data of the same form; <see langword="null"/> for a part held out, or
    /// none.</param>
    /// <param name="options">The settings. What follows from the model is set here: its network, task, image, tokens, the
    /// columns of features and label. The column of example weights is not known to the model; name it where there is
    /// one.</param>
    /// <param name="stages">The stages, in order.</param>
    /// <returns>The same chain with the compressed network in its place.</returns>
    /// <exception cref="ArgumentException">There is no stage, no network in the model, the data does not suit it, or a stage
    /// does not suit it.</exception>
    public ITransformer Prune(
        ITransformer model, IDataView train, IDataView? validation, NeuralNetworkOptions options, params IReadOnlyList<Stage> stages)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(stages);
        if (stages.Count == 0)
        {
            throw new ArgumentException("There is no stage to apply; give one, such as new FilterPruning().", nameof(stages));
        }

        var place = NetworkInChain.Of(model);
        return place.With(model, Continued(place, place.Input(train), validation is null ? null : place.Input(validation), options, stages));
    }

    // The data is as the network sees it.
    private NeuralNetworkTransformer Continued(
        NetworkInChain place, IDataView train, IDataView? validation, NeuralNetworkOptions options, IReadOnlyList<Stage> stages)
    {
        var manifest = place.Network.Package.Manifest;
        if (manifest.Main.Inputs.Count(i => i.Column is not null && i.Role == GraphRole.Feature) > 1)
        {
            throw new NotSupportedException("The model reads several columns, and stages that make a model smaller are made for one input.");
        }

        place.Network.CheckInput(train.Schema);
        var own = options.Copy();
        own.Network = null;
        own.ContinueFrom = place.Network;
        own.Training = options.Training with { Stages = [.. stages] };
        own.LabelColumnName = manifest.LabelColumn;
        own.FeatureColumnName = place.Network.FeatureColumnName;
        own.InputShape = manifest.Image is null && manifest.Input is { Rank: not 2 } or { Type: not ElementType.Float32 } ? manifest.Input : null;
        own.Image = manifest.Image;
        own.Scoring = place.Network.Options;
        return context.NeuralNetwork(manifest.Task, own).Fit(train, validation);
    }

    // What the model says stands in for labels: they are read, but nothing is trained on them.
    private NeuralNetworkTransformer Unlabelled(NetworkInChain place, IDataView rows, TrainingOptions training, Int8 settings)
    {
        var manifest = place.Network.Package.Manifest;
        var scored = place.Network.Transform(rows);
        var said = scored.Schema.GetColumnOrNull(OutputColumns.PredictedLabel) is null ? OutputColumns.Score : OutputColumns.PredictedLabel;
        var labelled = context.Transforms.CopyColumns(manifest.LabelColumn, said).Fit(scored).Transform(scored);
        using var rounded = Continued(place, labelled, null, new() { Training = training }, [settings]);
        // Figures on labels of its own would say that it is never wrong.
        var package = rounded.Package.With(rounded.Package.Manifest with { Trainings = manifest.Trainings });
        return NeuralNetworkTransformer.Of(context, package, null, place.Network.Options);
    }

    /// <summary>Lets a fitted model compute with 8-bit integers; nothing is trained, unless the settings say so.</summary>
    /// <param name="model">A network, or a chain with one in it; it stays as it is.</param>
    /// <param name="rows">Rows like those that will be scored, some hundred, of the chain's input: the ranges of values are measured on
    /// them. Take none of the test data. They need labels only where the settings train or bound the accuracy.</param>
    /// <param name="settings">Calibration and the like; the defaults when <see langword="null"/>.</param>
    /// <returns>The same chain with the rounded network in its place.</returns>
    /// <exception cref="ArgumentException">There is no network in the model, it is quantised already without its float weights, or the rows do
    /// not suit it.</exception>
    public ITransformer Quantize(ITransformer model, IDataView rows, Int8? settings = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        settings ??= new();
        var place = NetworkInChain.Of(model);
        var manifest = place.Network.Package.Manifest;
        var training = OptionsOf(manifest) with { ValidationFraction = 0 };
        if (place.Input(rows).Schema.GetColumnOrNull(manifest.LabelColumn) is not null)
        {
            return Prune(model, rows, training, settings);
        }

        if (settings.Aware is not null || settings.MaxDrop is not null)
        {
            throw new ArgumentException($"The rows have no column '{manifest.LabelColumn}', and settings that train (aware) or bound the accuracy "
                + "(maxDrop) need labels.", nameof(rows));
        }

        return place.With(model, Unlabelled(place, place.Input(rows), training, settings));
    }

    /// <summary>Makes factors of lower rank of the layers of a model that is fitted already.</summary>
    /// <param name="model">A network, or a chain with one in it; it stays as it is.</param>
    /// <param name="train">The data that the factors are trained on, of the chain's input. It needs the label.</param>
    /// <param name="settings">Ranks and the like; the defaults, without a training, when <see langword="null"/>.</param>
    /// <returns>The same chain with the factorised network in its place.</returns>
    /// <exception cref="ArgumentException">There is no network in the model, the data does not suit it, or it has no layer to
    /// factorise.</exception>
    public ITransformer Factorise(ITransformer model, IDataView train, LowRank? settings = null) => Prune(model, train, settings ?? new());

    /// <summary>Lets the weights of a model that is fitted already share few values, which makes its file smaller.</summary>
    /// <param name="model">A network, or a chain with one in it; it stays as it is.</param>
    /// <param name="train">The data that the shared values are trained on, of the chain's input. It needs the label.</param>
    /// <param name="settings">The number of values and the like; the defaults, without a training, when
    /// <see langword="null"/>.</param>
    /// <returns>The same chain with the clustered network in its place.</returns>
    /// <exception cref="ArgumentException">There is no network in the model, the data does not suit it, or it has no weight to
    /// cluster.</exception>
    public ITransformer Cluster(ITransformer model, IDataView train, WeightClustering? settings = null) =>
        Prune(model, train, settings ?? new());

    /// <summary>Tells what each layer of a fitted model bears: its figures while a share of one layer alone is pruned, without
    /// training.</summary>
    /// <param name="model">A network, or a chain with one in it; it stays as it is.</param>
    /// <param name="train">The data that the model was trained on, with the label. The rows are measured on that its training held
    /// out; where it held none out a fifth, which the model has learnt from.</param>
    /// <param name="options">How; the defaults when <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">There is no network in the model, the data does not suit it, or the options are out of
    /// range.</exception>
    public LayerSensitivity Sensitivity(ITransformer model, IDataView train, SensitivityOptions? options = null)
    {
        var probe = new SensitivityProbe { Options = options ?? new() };
        var manifest = NetworkInChain.Of(model).Network.Package.Manifest;
        var training = OptionsOf(manifest);
        training = training.ValidationFraction > 0 ? training : training with { ValidationFraction = 0.2 };
        NetworkInChain.Of(Prune(model, train, training, probe)).Network.Dispose();
        var found = probe.Measured(out long examples);
        return found with { IsHeldOut = manifest.HasNotSeenHeldOut(training, examples) };
    }

    /// <summary>Sets a model beside smaller ones: sizes, times measured in one interleaved run, and figures on test
    /// data.</summary>
    /// <param name="model">The model to compare with.</param>
    /// <param name="small">The smaller model.</param>
    /// <param name="test">Data that neither was trained on, with the label; <see langword="null"/> tells sizes and times
    /// only.</param>
    /// <remarks>Figures are those of ML.NET's evaluations: accuracy and log-loss of classes, accuracy and AUC of yes or no,
    /// R² and RMSE of values. Other tasks get none. With test data its rows are what is timed.</remarks>
    /// <exception cref="ArgumentException">There is no network in a model.</exception>
    public CompressionLedger Compare(ITransformer model, ITransformer small, IDataView? test = null) =>
        Compare([("baseline", model), ("compressed", small)], test);

    /// <summary>Sets models beside each other, the first being the one to compare with.</summary>
    /// <param name="models">The models by name.</param>
    /// <param name="test">Data that none was trained on, with the label; <see langword="null"/> tells sizes and times
    /// only.</param>
    /// <exception cref="ArgumentException">There is no model, or no network in one.</exception>
    public CompressionLedger Compare(IReadOnlyList<(string Name, ITransformer Model)> models, IDataView? test = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        var chains = models.Select(m => (m.Name, Chain: NetworkInChain.Of(m.Model))).ToList();
        var ledger = CompressionLedger.Measure(
            [.. chains.Select(c => (c.Name, c.Chain.Network.Package))],
            rows: test is null ? null : [.. chains.Select(c => FeatureRows.Of(c.Chain.Input(test), c.Chain.Network))]);
        return test is null ? ledger : new([.. ledger.Rows.Zip(models, (row, model) => row with { Metrics = Figures(model.Model, test) })]);
    }

    private Dictionary<string, double> Figures(ITransformer model, IDataView test)
    {
        var manifest = NetworkInChain.Of(model).Network.Package.Manifest;
        var scored = model.Transform(test);
        switch (manifest.Task)
        {
            case MulticlassClassification:
                var classes = context.MulticlassClassification.Evaluate(scored, manifest.LabelColumn);
                return new() { ["accuracy"] = classes.MicroAccuracy, ["logLoss"] = classes.LogLoss };
            case BinaryClassification:
                var binary = context.BinaryClassification.Evaluate(scored, manifest.LabelColumn);
                return new() { ["accuracy"] = binary.Accuracy, ["auc"] = binary.AreaUnderRocCurve };
            case Regression when manifest.Outputs == 1:
                var values = context.Regression.Evaluate(scored, manifest.LabelColumn);
                return new() { ["r2"] = values.RSquared, ["rmse"] = values.RootMeanSquaredError };
            default:
                return [];
        }
    }

    private static TrainingOptions OptionsOf(ModelManifest manifest) => manifest.Training?.ReadOptions() ?? new();
}
