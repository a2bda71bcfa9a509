using System.Diagnostics;
using Microsoft.ML;
using MlNetDl.Data;
using MlNetDl.Metrics;
using MlNetDl.MlNet;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>How a model does on data.</summary>
/// <param name="Metrics">The figures that suit its task.</param>
/// <param name="Rows">Rows that were scored.</param>
/// <param name="RowsPerSecond">The rate of scoring, reading of a table included.</param>
public sealed record Evaluation(IReadOnlyDictionary<string, double> Metrics, int Rows, double RowsPerSecond);

/// <summary>Evaluates saved models.</summary>
public static class Evaluator
{
    /// <summary>Scores data and compares it with its labels.</summary>
    /// <param name="model">The model <c>.zip</c>.</param>
    /// <param name="data">A data set's name (its test part), a folder of images, or a table.</param>
    /// <param name="label">For a table, the label column where it is not the model's own.</param>
    /// <param name="warn">Is told what looks wrong and is scored all the same, such as words that the training data did not have, or
    /// classes that the model does not know.</param>
    /// <param name="metrics">Figures beside those of the task; each must take its scores.</param>
    /// <exception cref="ArgumentException">A metric does not suit the model's scores.</exception>
    public static Evaluation Evaluate(string model, string data, string? label = null, Action<string>? warn = null, IReadOnlyList<Metric>? metrics = null)
    {
        var manifest = ModelFile.Read(model).Manifest;
        return Path.GetExtension(data).ToLowerInvariant() is ".csv" or ".tsv" or ".txt"
            ? EvaluateTable(model, manifest, data, label, warn, metrics ?? [])
            : EvaluateExamples(model, manifest, Examples(manifest, data), metrics ?? []);
    }

    private static Examples Examples(ModelManifest manifest, string data)
    {
        if (Datasets.Find(data) is { } set)
        {
            return Renumbered(set.Load(true), manifest);
        }

        if (!Directory.Exists(data))
        {
            throw new FileNotFoundException($"'{data}' is neither a data set ({string.Join(", ", Datasets.All.Select(d => d.Name))}) nor a folder of images nor a .csv or .tsv file.", data);
        }

        var image = manifest.Image ?? throw new InvalidDataException($"'{data}' is a folder of images, but the model takes rows of a table.");
        var test = Path.Combine(data, "test");
        return ImageFolder.Read(Directory.Exists(test) ? test : data, image, manifest.ClassNames);
    }

    // A model numbers classes in its own order: what they are called is what they are.
    private static Examples Renumbered(Examples examples, ModelManifest manifest)
    {
        if (examples.Targets is not long[] classes || manifest.Task is not { Label.IsClassIndex: true } || examples.ClassNames.Count == 0)
        {
            return examples;
        }

        var numbers = examples.ClassNames.Select(name => (long)manifest.ClassNames.AsSpan().IndexOf(name)).ToArray();
        int unknown = Array.IndexOf(numbers, -1);
        return unknown < 0
            ? examples with { Targets = Array.ConvertAll(classes, c => numbers[c]), ClassNames = manifest.ClassNames }
            : throw new InvalidDataException($"The data has a class '{examples.ClassNames[unknown]}', which the model does not know; its classes are {string.Join(", ", manifest.ClassNames)}.");
    }

    private static Evaluation EvaluateExamples(string model, ModelManifest manifest, Examples examples, IReadOnlyList<Metric> metrics)
    {
        var task = ScoredTask.Of(manifest);
        if (examples.Targets is null || examples.Targets is long[] != task.Label.IsClassIndex || (examples.Targets is long[] && examples.ClassNames.Count > manifest.Outputs))
        {
            throw new InvalidDataException($"The data's labels do not suit the model, which does {ScoredTask.NameOf(task)} with {manifest.Outputs} outputs.");
        }

        using var network = NeuralNetworkTransformer.Load(new MLContext(), model);
        var clock = Stopwatch.StartNew();
        var scores = network.Score(examples);
        double seconds = clock.Elapsed.TotalSeconds;
        return new(ScoreMetrics.Of(task, scores, ScoredTask.Targets(examples), manifest.Outputs, metrics), examples.Count, examples.Count / seconds);
    }

    private static Evaluation EvaluateTable(string model, ModelManifest manifest, string data, string? label, Action<string>? warn, IReadOnlyList<Metric> metrics)
    {
        var chain = new TableModel(model, manifest, warn);
        var table = Table.Read(data);
        var column = label ?? manifest.LabelColumn;
        if (table.Columns.All(c => c.Name != column))
        {
            throw new InvalidDataException($"'{data}' has no label column '{column}'; it has: {string.Join(", ", table.Columns.Select(c => c.Name))}.");
        }

        table.MustBeComplete([], column);
        var scored = chain.Transform(table, column);
        var clock = Stopwatch.StartNew();
        var (scores, targets) = TableScores.Of(scored, manifest);
        double seconds = clock.Elapsed.TotalSeconds;
        int rows = scores.Length / Math.Max(1, manifest.Outputs);
        chain.WarnOfUnknownClasses(table, column, targets);
        return new(ScoreMetrics.Of(ScoredTask.Of(manifest), scores, targets, manifest.Outputs, metrics), rows, rows / seconds);
    }
}
