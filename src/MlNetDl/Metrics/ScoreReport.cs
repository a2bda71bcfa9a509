using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json.Serialization;

namespace MlNetDl.Metrics;

/// <summary>Where a model is right and wrong: classes and their confusions, labels, or residuals. Each row counts once, whatever it weighs.</summary>
/// <example><code>
/// var report = ScoreReport.Of(new ScoredRows(ScoreForm.Probabilities, 3, scores, targets), ["setosa", "versicolor", "virginica"]);
/// Console.WriteLine(report.Classes[2].Recall);
/// </code></example>
public sealed record ScoreReport
{
    /// <summary>The most classes whose confusion matrix is kept whole: more do not fit a screen.</summary>
    public const int MostInMatrix = 10;

    /// <summary>The most pairs of classes in <see cref="Confused"/>.</summary>
    public const int MostConfused = 10;

    /// <summary>Rows that were scored.</summary>
    public required long Rows { get; init; }

    /// <summary>The classes in the model's order, or the labels where a row has several; empty for values.</summary>
    public IReadOnlyList<ClassReport> Classes { get; init; } = [];

    /// <summary>Whether the classes are labels, of which a row may have several, or none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AreLabels { get; init; }

    /// <summary>The confusion matrix, a list for each true class with the counts of the predicted classes; <see langword="null"/>
    /// for values and several labels, and for more than <see cref="MostInMatrix"/> classes.</summary>
    public IReadOnlyList<IReadOnlyList<long>>? Confusion { get; init; }

    /// <summary>The pairs of classes that are confused most, the most frequent first; <see cref="MostConfused"/> at most.</summary>
    public IReadOnlyList<ConfusedClasses> Confused { get; init; } = [];

    /// <summary>For two classes told apart by one score: where the second class begins, in the unit of what a host sees, such as a
    /// probability. <see langword="null"/> elsewhere.</summary>
    public double? Threshold { get; init; }

    /// <summary>Rows whose class the model does not know; they are never right. They stand in no row of
    /// <see cref="Confusion"/>.</summary>
    public long UnknownClass { get; init; }

    /// <summary>Rows with a score that is no number: nothing is predicted for them.</summary>
    public long WithoutPrediction { get; init; }

    /// <summary>The residuals of each output, in their order; empty for classes, and where outputs and true values are no pairs.</summary>
    public IReadOnlyList<ResidualReport> Residuals { get; init; } = [];

    /// <summary>The report of scored rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="classNames">Names of the classes in the order of their indices; a class without one is called by its
    /// index.</param>
    public static ScoreReport Of(in ScoredRows rows, IReadOnlyList<string>? classNames = null) => rows.Form switch
    {
        ScoreForm.Values => OfValues(rows),
        ScoreForm.Logits => OfLabels(rows, Names(rows.Width, classNames)),
        _ => OfClasses(rows, Names(rows.ClassCount, classNames)),
    };

    private static string[] Names(int count, IReadOnlyList<string>? given) =>
        [.. Enumerable.Range(0, count).Select(k => given is not null && k < given.Count ? given[k] : k.ToString(CultureInfo.InvariantCulture))];

    private static ScoreReport OfLabels(in ScoredRows rows, string[] names)
    {
        var (right, truth, predicted) = (new long[names.Length], new long[names.Length], new long[names.Length]);
        for (int i = 0; i < rows.Scores.Length; i++)
        {
            var (yes, has, label) = (rows.Scores[i] > rows.YesAbove, rows.Targets[i] > 0, i % rows.Width);
            right[label] += yes && has ? 1 : 0;
            truth[label] += has ? 1 : 0;
            predicted[label] += yes ? 1 : 0;
        }

        return new()
        {
            Rows = rows.Count,
            Classes = [.. names.Select((name, k) => Class(name, right[k], truth[k], predicted[k]))],
            AreLabels = true,
            WithoutPrediction = CountNaN(rows),
        };
    }

    private static ScoreReport OfValues(in ScoredRows rows)
    {
        var residuals = new List<ResidualReport>();
        for (int k = 0; k < rows.Width && rows.TargetWidth == rows.Width; k++)
        {
            residuals.Add(ResidualReport.Of(rows, k));
        }

        return new() { Rows = rows.Count, Residuals = residuals, WithoutPrediction = CountNaN(rows) };
    }

    private static ScoreReport OfClasses(in ScoredRows rows, string[] names)
    {
        // Pairs that occur are far fewer than the square of a thousand classes.
        var pairs = new Dictionary<(int Truth, int Predicted), long>();
        for (int row = 0; row < rows.Count; row++)
        {
            var pair = (rows.Truth(row), rows.Predicted(row));
            pairs[pair] = pairs.GetValueOrDefault(pair) + 1;
        }

        var (truth, predicted) = (new long[names.Length], new long[names.Length]);
        foreach (var ((t, p), count) in pairs)
        {
            if (t >= 0)
            {
                truth[t] += count;
            }

            if (p >= 0)
            {
                predicted[p] += count;
            }
        }

        return new()
        {
            Rows = rows.Count,
            Classes = [.. names.Select((name, k) => Class(name, pairs.GetValueOrDefault((k, k)), truth[k], predicted[k]))],
            Confusion = names.Length > MostInMatrix ? null
                : [.. names.Select((_, t) => (long[])[.. names.Select((_, p) => pairs.GetValueOrDefault((t, p)))])],
            Confused = [.. pairs.Where(p => p.Key is { Truth: >= 0, Predicted: >= 0 } && p.Key.Truth != p.Key.Predicted)
                .OrderByDescending(p => p.Value).ThenBy(p => p.Key).Take(MostConfused)
                .Select(p => new ConfusedClasses(names[p.Key.Truth], names[p.Key.Predicted], p.Value))],
            UnknownClass = pairs.Where(p => p.Key.Truth == ScoredRows.UnknownClass).Sum(p => p.Value),
            WithoutPrediction = pairs.Where(p => p.Key.Predicted == ScoredRows.NoPrediction).Sum(p => p.Value),
        };
    }

    private static ClassReport Class(string name, double right, long truth, long predicted) => new(
        name, truth, predicted, Ratio(right, predicted), Ratio(right, truth), Ratio(2 * right, truth + predicted));

    private static double? Ratio(double part, long whole) => whole == 0 ? null : part / whole;

    private static long CountNaN(in ScoredRows rows)
    {
        long count = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            count += float.IsNaN(TensorPrimitives.Max(rows.Row(row))) ? 1 : 0;
        }

        return count;
    }
}
