using System.Diagnostics;
using Microsoft.ML;
using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Metrics;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>How a model does on data.</summary>
/// <param name="Metrics">The figures that suit its task.</param>
/// <param name="Rows">Rows that were scored.</param>
/// <param name="RowsPerSecond">The rate of scoring, reading of a table included.</param>
public sealed record Evaluation(IReadOnlyDictionary<string, double> Metrics, int Rows, double RowsPerSecond)
{
    /// <summary>Where the model is right and wrong: classes, confusions, residuals; <see langword="null"/> where nothing is compared
    /// with labels.</summary>
    public ScoreReport? Report { get; init; }
}

/// <summary>Evaluates saved models.</summary>
public static class Evaluator
{
    /// <summary>Scores data and compares it with its labels.</summary>
    /// <param name="model">The model <c>.zip</c>.</param>
    /// <param name="data">A data set's name (its test part), a folder of images, or a table.</param>
    /// <param name="label">For a table, the label column where it is not the model's own; no other data may be given one.</param>
    /// <param name="warn">Gets warnings of data that looks wrong but is scored, such as words that the training data
    /// did not have, or classes that the model does not know.</param>
    /// <param name="metrics">Figures beside those of the task; each must take its scores.</param>
    /// <param name="samples">Of a variational autoencoder, codes that are drawn for each row to tell its likelihood.</param>
    /// <param name="seed">The seed of these.</param>
    /// <param name="options">What is said of a table; what is not is seen from the file.</param>
    /// <param name="progress">Is told how many rows are scored, now and then.</param>
    /// <exception cref="ArgumentException">A metric does not suit the model's scores, or there is a label where none is read.</exception>
    public static Evaluation Evaluate(
        string model,
        string data,
        string? label = null,
        Action<string>? warn = null,
        IReadOnlyList<Metric>? metrics = null,
        int samples = 100,
        int seed = 0,
        TableOptions? options = null,
        IProgress<long>? progress = null)
    {
        var package = ModelFile.Read(model);
        var manifest = package.Manifest;
        PositiveClass.MustSuit(manifest.Task, options?.Positive);
        if (manifest.Task is null && CodeModel.SpecOf(manifest) is not null)
        {
            if (label is not null || metrics is { Count: > 0 })
            {
                throw new ArgumentException("A variational autoencoder is judged by its likelihood: there is no label, and no other metric. Leave them out.");
            }

            if (ModelData.IsTable(data))
            {
                return Likelihood(model, TableRows(model, manifest, data, warn, options), samples, seed);
            }

            return Likelihood(model, ModelData.Examples(manifest, data, warn), samples, seed);
        }

        if (label is not null && !(ModelData.IsTable(data) && !ComponentFigures.Suits(manifest)))
        {
            throw new ArgumentException(ModelData.IsTable(data)
                ? "A PCA is judged by the rows alone, so there is no label; leave it out."
                : $"A label ('{label}') names a column of a table, but '{data}' is none; leave it out.");
        }

        if (manifest.Main.Role == GraphRole.Cluster || ComponentFigures.Suits(manifest))
        {
            var rows = ModelData.IsTable(data) ? TableRows(model, manifest, data, warn, options, label) : ModelData.Examples(manifest, data, warn);
            return Unlabelled(model, rows, metrics);
        }

        return ModelData.IsTable(data)
            ? EvaluateTable(model, package, data, label, warn, metrics ?? [], options, progress)
            : EvaluateExamples(model, ModelData.Examples(manifest, data, warn, options?.Positive), metrics ?? [], warn, progress);
    }

    /// <summary>Scores the test part of an experiment's data, of any kind, and compares it with its labels.</summary>
    /// <param name="model">The model <c>.zip</c>.</param>
    /// <param name="data">The data; its training part is read too, but not scored.</param>
    /// <param name="metrics">Figures beside those of the task; each must take its scores.</param>
    /// <param name="samples">Of a variational autoencoder, codes that are drawn for each row to tell its likelihood.</param>
    /// <param name="seed">The seed of what is drawn.</param>
    /// <param name="warn">Gets warnings, such as of figures that are not defined for the rows.</param>
    /// <param name="progress">Is told how many rows are scored, now and then.</param>
    /// <exception cref="ArgumentException">A metric does not suit the model's scores.</exception>
    /// <exception cref="InvalidDataException">The data does not suit the model.</exception>
    public static Evaluation Evaluate(
        string model,
        DataSource data,
        IReadOnlyList<Metric>? metrics = null,
        int samples = 100,
        int seed = 0,
        Action<string>? warn = null,
        IProgress<long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var ml = new MLContext();
        using var network = NeuralNetworkTransformer.Load(ml, model);
        var chain = SavedChain.Load(ml, model, out _);
        if (network.Graph.Role == GraphRole.Cluster)
        {
            var rows = Read(data, null, warn);
            return Unlabelled(() => rows.Clusters(chain, network) ?? throw new InvalidDataException(
                $"{rows.GetType().Name} does not tell how a clustering does; take a named data set, a folder or a table."), metrics);
        }

        if (ComponentFigures.Suits(network.Package.Manifest))
        {
            var rows = Read(data, null, warn).RowsOf(chain, network, DataPart.Test) ?? throw new InvalidDataException(
                "The data gives no rows of features of a known size.");
            return Unlabelled(() => new(ComponentFigures.Of(network.Package, rows), rows.Count), metrics);
        }

        if (network.Package.Manifest.Task is null && CodeModel.SpecOf(network.Package.Manifest) is not null)
        {
            return Likelihood(model, Read(data, null, warn).RowsOf(chain, network, DataPart.Test) ?? throw new InvalidDataException(
                "The data gives no rows of features of a known size."), samples, seed);
        }

        var loaded = Read(data, ScoredTask.Of(network.Package.Manifest), warn);
        loaded.Progress = progress;
        bool hasTruth = network.Package.Manifest.Task is { LearnsFromLabels: true } || loaded.HasTruth(DataPart.Test);
        return Judged(network.Package, () => loaded.Score(chain, network, DataPart.Test), metrics ?? [], hasTruth, warn, loaded.Lines(DataPart.Test));
    }

    /// <summary>Judges the codes of a model that encodes sprites: whether each number stands for one factor of the images.</summary>
    /// <param name="model">The model <c>.zip</c>.</param>
    /// <param name="options">Settings; those of the published study by default.</param>
    /// <param name="stop">Cancels it.</param>
    /// <returns>The scores, each 0 to 1; the rows are the different images that were encoded.</returns>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="InvalidDataException">The model does not encode sprites.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static Evaluation Disentanglement(string model, DisentanglementOptions? options = null, CancellationToken stop = default)
    {
        using var network = NeuralNetworkTransformer.Load(new MLContext(), model);
        var clock = Stopwatch.StartNew();
        var (figures, images) = ModelDisentanglement.Of(network, options ?? new(), stop);
        return new(figures, images, images / clock.Elapsed.TotalSeconds);
    }

    private static LoadedData Read(DataSource data, LearningTask? task, Action<string>? warn)
    {
        var loaded = data.Read(task);
        loaded.Tell(warn);
        return loaded;
    }

    private static Examples TableRows(string model, ModelManifest manifest, string data, Action<string>? warn, TableOptions? options, string? label = null)
    {
        var rows = new TableModel(model, manifest, warn, options).Features(data, label)
            ?? throw new InvalidDataException($"The model takes no rows of numbers, so '{data}' does not suit it.");
        float[] values = [.. rows.First(rows.Count).SelectMany(r => r)];
        var shape = Layers.Contracts.Shape.Vector(values.Length / Math.Max(1, rows.Count));
        if (rows.Classes is null && CodeModel.SpecOf(manifest) is { ConditionLabel: not null })
        {
            throw new InvalidDataException($"'{data}' has no column '{manifest.LabelColumn}', which tells the model the class of each row; add it.");
        }

        if (rows.Classes is not { } classes)
        {
            return new(shape, values);
        }

        var names = classes.Distinct().ToList();
        return new(shape, values, classes.Select(c => (long)names.IndexOf(c)).ToArray()) { ClassNames = [.. names] };
    }

    private static Evaluation EvaluateExamples(
        string model, Examples examples, IReadOnlyList<Metric> metrics, Action<string>? warn, IProgress<long>? progress)
    {
        using var network = NeuralNetworkTransformer.Load(new MLContext(), model);
        var manifest = network.Package.Manifest;
        bool hasTruth = manifest.Task is { LearnsFromLabels: true } || ExampleScores.HasTruth(examples);
        return Judged(network.Package, () => ExampleScores.Of(network, examples, progress), metrics, hasTruth, warn);
    }

    private static Evaluation Unlabelled(string model, Examples examples, IReadOnlyList<Metric>? metrics)
    {
        using var network = NeuralNetworkTransformer.Load(new MLContext(), model);
        return Unlabelled(() => network.Graph.Role == GraphRole.Cluster
            ? ClusterFigures.Of(network, examples)
            : new(ComponentFigures.Of(network.Package, examples), examples.Count), metrics);
    }

    private static Evaluation Unlabelled(Func<ClusterFigures> judge, IReadOnlyList<Metric>? metrics)
    {
        if (metrics is { Count: > 0 })
        {
            throw new ArgumentException("A model that is trained without labels has figures of its own, and no other metric; leave metrics out.");
        }

        var clock = Stopwatch.StartNew();
        var (figures, rows) = judge();
        return new(figures, rows, rows / clock.Elapsed.TotalSeconds);
    }

    private static Evaluation Likelihood(string model, Examples rows, int samples, int seed)
    {
        using var codes = CodeModel.Of(ModelFile.Read(model));
        var clock = Stopwatch.StartNew();
        if (codes is not VaeModel vae)
        {
            var error = codes.SquaredErrors(rows).Average();
            return new(new Dictionary<string, double> { ["squaredError"] = error }, rows.Count, rows.Count / clock.Elapsed.TotalSeconds);
        }

        var found = vae.Likelihood(rows, samples, seed);
        return new(
            new Dictionary<string, double>
            {
                ["negativeLogLikelihood"] = found.NegativeLogLikelihood,
                ["standardError"] = found.StandardError,
                ["negativeElbo"] = found.NegativeElbo,
                ["activeUnits"] = found.ActiveUnits,
                ["samples"] = samples,
            },
            rows.Count,
            rows.Count / clock.Elapsed.TotalSeconds);
    }

    private static Evaluation EvaluateTable(
        string model, ModelPackage package, string data, string? label, Action<string>? warn, IReadOnlyList<Metric> metrics, TableOptions? options,
        IProgress<long>? progress)
    {
        var manifest = package.Manifest;
        var chain = new TableModel(model, manifest, warn, options);
        var table = chain.Read(data);
        var column = label ?? manifest.LabelColumn;
        bool hasSeveral = manifest.Task is { Label: LabelSet };
        if ((!hasSeveral || label is not null) && table.Columns.All(c => c.Name != column))
        {
            if (label is null && manifest.Task is { LearnsFromLabels: false })
            {
                return Judged(package, () => TableScores.OfNormal(chain.Transform(table, null), manifest, progress), metrics, hasTruth: false, warn);
            }

            throw new InvalidDataException($"'{data}' has no label column '{column}'; it has: "
                + $"{string.Join(", ", table.Columns.Select(c => c.Name))}.");
        }

        table.MustBeComplete([], hasSeveral ? null : column);
        var scored = chain.Transform(table, column);
        float[] targets = [];
        var evaluation = Judged(package, () =>
        {
            (var scores, targets) = TableScores.Of(scored, manifest, progress);
            return (scores, targets);
        }, metrics, hasTruth: true, warn, table.Rows().Select(row => row.Line));
        chain.WarnOfUnknownClasses(table, column, targets);
        return evaluation;
    }

    private static Evaluation Judged(
        ModelPackage package,
        Func<(float[] Scores, float[] Targets)> score,
        IReadOnlyList<Metric> metrics,
        bool hasTruth,
        Action<string>? warn,
        IEnumerable<long>? lines = null)
    {
        var manifest = package.Manifest;
        var clock = Stopwatch.StartNew();
        var (scores, targets) = score();
        double seconds = clock.Elapsed.TotalSeconds;
        int rows = scores.Length / Math.Max(1, manifest.Outputs);
        var task = ScoredTask.Of(manifest);
        var figures = ScoreMetrics.Of(task, scores, targets, manifest.Outputs, metrics);
        if (UndefinedFigures.Text(task, figures, scores, targets, manifest.Outputs, hasTruth) is { } undefined)
        {
            warn?.Invoke(undefined);
        }

        return new(figures, rows, rows / seconds) { Report = hasTruth ? TaskReport.Of(package, scores, targets, lines) : null };
    }
}
