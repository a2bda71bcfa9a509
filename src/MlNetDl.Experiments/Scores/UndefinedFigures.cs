using System.Globalization;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Figures that are not defined for the rows that they are asked for, such as the area under a curve where all rows are
/// alike. They are NaN, which is null in files.</summary>
internal static class UndefinedFigures
{
    /// <summary>Which figures are left out, and why: a sentence. <see langword="null"/> where all are defined.</summary>
    /// <param name="task">What the scores mean.</param>
    /// <param name="figures">The figures by name.</param>
    /// <param name="scores">The model's scores.</param>
    /// <param name="targets">The truth, row-major.</param>
    /// <param name="width">Scores of a row.</param>
    /// <param name="hasTruth">Whether the data says the truth; otherwise all rows count as normal.</param>
    /// <param name="part">What the rows are called behind the names, such as <c> of the test part</c>.</param>
    public static string? Text(
        LearningTask task, IReadOnlyDictionary<string, double> figures, float[] scores, float[] targets, int width, bool hasTruth, string part = "")
    {
        var names = figures.Where(f => double.IsNaN(f.Value)).Select(f => f.Key).ToList();
        if (names.Count == 0)
        {
            return null;
        }

        var list = names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
        return $"{list}{part} {(names.Count == 1 ? "is" : "are")} left out: {Reason(task, scores, targets, width, hasTruth)}.";
    }

    /// <summary>The figures without those that are not defined.</summary>
    public static IReadOnlyDictionary<string, double> Without(IReadOnlyDictionary<string, double> figures) =>
        figures.Where(f => !double.IsNaN(f.Value)).ToDictionary();

    private static string Reason(LearningTask task, float[] scores, float[] targets, int width, bool hasTruth)
    {
        if (Array.Exists(scores, float.IsNaN))
        {
            return "the model gives scores that are no numbers";
        }

        int count = Math.Max(1, scores.Length / Math.Max(1, width)), outputs = Math.Max(1, targets.Length / count);
        int[] alike = [.. Enumerable.Range(0, outputs).Where(k => targets.Where((_, i) => i % outputs == k).Distinct().Count() == 1)];
        if (alike.Length == 0)
        {
            return "these rows do not define them";
        }

        var rows = count == 1 ? "the only row" : string.Create(CultureInfo.InvariantCulture, $"all {count:N0} rows");
        var (are, have) = count == 1 ? ("is", "has") : ("are", "have");
        return !hasTruth ? $"no label says which rows are strange, so {rows} count{(count == 1 ? "s" : "")} as normal"
            : task is AnomalyDetection ? $"{rows} {are} {(targets[0] == 1 ? "strange" : "normal")}"
            : task.Label is YesNoLabel ? $"{rows} {have} the label {(targets[0] == 1 ? "true" : "false")}"
            : task.Label.IsClassIndex ? $"{rows} {are} of one class"
            : alike.Length < outputs
                ? $"{rows} {have} the same value of output{(alike.Length == 1 ? "" : "s")} {string.Join(", ", alike.Select(k => k + 1))}"
            : count == 1 ? "one row alone has no spread"
            : $"{rows} have the same value{(outputs == 1 ? "" : "s")}";
    }
}
