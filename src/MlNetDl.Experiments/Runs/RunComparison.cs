using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Search.Statistics;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>One run of a comparison.</summary>
/// <param name="Name">Its folder.</param>
/// <param name="Test">Figures on the test part, means over the seeds.</param>
/// <param name="StandardDeviations">Standard deviations over the seeds; <see langword="null"/> for one.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Parameters">Trainable weights.</param>
/// <param name="Bytes">The size of the saved model; <see langword="null"/> where it is gone.</param>
/// <param name="Epochs">Epochs of a training.</param>
/// <param name="Seconds">Seconds of all trainings.</param>
/// <param name="Settings">The keys in which the runs differ, with this run's values as JSON; <see langword="null"/> for a key that it
/// lacks.</param>
public sealed record ComparedRun(
    string Name,
    IReadOnlyDictionary<string, double> Test,
    IReadOnlyDictionary<string, double>? StandardDeviations,
    IReadOnlyList<int> Seeds,
    long Parameters,
    long? Bytes,
    int Epochs,
    double Seconds,
    IReadOnlyDictionary<string, string?> Settings);

/// <summary>Finished runs beside each other, on the same test data.</summary>
public sealed record RunComparison
{
    private const string Data = "data.";

    // What an experiment says of itself, and how often it is repeated.
    private static readonly string[] Told = ["name", "description", "budget", "seeds", "tolerance"];

    // Keys of data that change what a model sees of a test row, or trains on, and not which rows these are.
    private static readonly string[] SameRows =
        ["take", "size", "image", "ignore", "numeric", "categorical", "missing", "missingIn", "validation", "dates", "text"];

    /// <summary>The runs, in the order given.</summary>
    public required IReadOnlyList<ComparedRun> Runs { get; init; }

    /// <summary>The figure by which later runs are compared with the first; <see langword="null"/> for runs without labels.</summary>
    public string? Figure { get; init; }

    /// <summary>The comparisons of the later runs with the first one, in their order; <see langword="null"/> for a pair with a single
    /// seed on one side, of which nothing can be concluded. With more than one comparison, p values are corrected by Holm.</summary>
    public IReadOnlyList<Comparison?> WithFirst { get; init; } = [];

    /// <summary>Compares the runs of some folders.</summary>
    /// <param name="folders">Two or more.</param>
    /// <exception cref="ArgumentException">There are fewer, or one folder is named twice.</exception>
    /// <exception cref="IOException">A folder is not there.</exception>
    /// <exception cref="InvalidDataException">A folder holds no finished training, or the runs have other tasks or other test
    /// data.</exception>
    public static RunComparison Of(IReadOnlyList<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        if (folders.Count < 2)
        {
            throw new ArgumentException($"A comparison needs two runs or more, but {folders.Count} is named.", nameof(folders));
        }

        if (folders.GroupBy(f => Path.TrimEndingDirectorySeparator(Path.GetFullPath(f))).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"The run '{twice.First()}' is named twice.", nameof(folders));
        }

        var runs = folders.Select(FinishedRun.Open).ToList();
        foreach (var other in runs.Skip(1))
        {
            MustSuit(runs[0], other);
        }

        var keys = runs.Skip(1).SelectMany(r => Differences(runs[0], r)).Where(d => !IsTold(d.Path)).Select(d => d.Path).Distinct().ToList();
        var metric = runs[0].Experiment.Task?.EvaluationMetrics[0];
        return new()
        {
            Runs = [.. runs.Select(run => Compared(run, keys))],
            Figure = metric?.FigureName,
            WithFirst = metric is null ? [] : Corrected([.. runs.Skip(1).Select(r => Test(runs[0], r, metric))]),
        };
    }

    private static void MustSuit(FinishedRun first, FinishedRun other)
    {
        if (!Equals(WithoutThreshold(first), WithoutThreshold(other)))
        {
            throw new InvalidDataException($"'{first.Path}' and '{other.Path}' have other tasks ({Name(first)} and {Name(other)}), whose figures do not "
                + "compare.");
        }

        var changed = DataFingerprint.Changed(first.Digests, other.Digests)
            .Where(key => !RunData.IsOfModel(key) && key != "validation" && !key.StartsWith("judges", StringComparison.Ordinal));
        var differing = Differences(first, other).Where(d => d.Path.StartsWith(Data, StringComparison.Ordinal))
            .Where(d => !KeepsRows(d)).Select(d => d.Path[Data.Length..]).Concat(changed).Distinct()
            .Where(key => !(key == "csv" && HasTestTable(first) && HasTestTable(other))).ToList();
        if (differing.Count > 0)
        {
            throw new InvalidDataException($"'{first.Path}' and '{other.Path}' were tested with other data "
                + $"({string.Join(", ", differing.Select(d => Data + d))} differ), so that their figures do not compare; "
                + "mldl evaluate MODEL --data D judges both models by the same rows.");
        }

        if (first.Result.Report is { Rows: var a } && other.Result.Report is { Rows: var b } && a != b)
        {
            throw new InvalidDataException($"'{first.Path}' was tested with {a} rows and '{other.Path}' with {b}, so that their figures do not compare; "
                + "mldl evaluate MODEL --data D judges both models by the same rows.");
        }

        // The threshold is a setting: scores compare, whatever is made of them.
        static LearningTask? WithoutThreshold(FinishedRun run) =>
            run.Experiment.Task is BinaryClassification binary ? binary with { Threshold = new BinaryClassification().Threshold } : run.Experiment.Task;
        static string Name(FinishedRun run) => run.Experiment.Task is { } task ? ScoredTask.NameOf(task) : "none, as nothing is predicted";
        static bool HasTestTable(FinishedRun run) => run.Experiment.Data is CsvData { TestCsv: not null };
    }

    // Rows that lack values may be dropped, in the test part too.
    private static bool KeepsRows(ConfigurationDifference difference) =>
        SameRows.Any(key => RecordPath.IsAtOrBelow(difference.Path, Data + key))
        && !$"{difference.Before} {difference.After}".Contains("drop", StringComparison.Ordinal);

    private static List<ConfigurationDifference> Differences(FinishedRun a, FinishedRun b) =>
        [.. ConfigurationDiff.Between(RecordJson.ToNode(a.Experiment), RecordJson.ToNode(b.Experiment))
            .Where(d => !(d.Path.StartsWith(Data, StringComparison.Ordinal) && RunData.IsSame(d.Path[Data.Length..], a.Digests, b.Digests)))];

    private static bool IsTold(string path) => Told.Any(key => RecordPath.IsAtOrBelow(path, key));

    private static ComparedRun Compared(FinishedRun run, IReadOnlyList<string> keys)
    {
        var settings = RecordJson.ToNode(run.Experiment);
        var result = run.Result;
        return new(
            run.Path,
            result.Metrics.Test,
            result.StandardDeviations?.Test,
            result.Seeds,
            result.Parameters,
            run.Bytes,
            result.Epochs,
            result.Seconds,
            keys.ToDictionary(key => key, key => At(settings, key)));
    }

    private static string? At(JsonNode? settings, string key) =>
        key.Split('.').Aggregate(settings, (node, part) => (node as JsonObject)?[part])?.ToJsonString();

    // The same seeds are pairs where both were trained on the same rows in the same order.
    private static Comparison? Test(FinishedRun first, FinishedRun other, Metric metric)
    {
        var (a, b) = (first.Values(metric.FigureName), other.Values(metric.FigureName));
        if (a.Count < 2 || b.Count < 2 || !a.Values.Concat(b.Values).All(double.IsFinite))
        {
            return null;
        }

        var common = a.Keys.Intersect(b.Keys).ToList();
        return common.Count > 1 && RunData.AreSame(first.Experiment.Data, first.Digests, other.Experiment.Data, other.Digests)
            ? Comparison.Of(first.Path, [.. common.Select(s => a[s])], other.Path, [.. common.Select(s => b[s])], metric.Goal)
            : Comparison.OfUnpaired(first.Path, [.. a.Values], other.Path, [.. b.Values], metric.Goal);
    }

    private static List<Comparison?> Corrected(List<Comparison?> comparisons)
    {
        var adjusted = Holm.Adjust([.. comparisons.OfType<Comparison>().Select(c => c.Test.PValue)]);
        int next = 0;
        return comparisons.ConvertAll(c => c is null ? null : c with { Test = c.Test with { PValue = adjusted[next++] } });
    }
}
