using System.Globalization;
using MlNetDl.Metrics;

namespace MlNetDl.Commands;

/// <summary>Where a model is right and wrong, as text: as much as fits a screen.</summary>
internal static class ScoreReportView
{
    // Blanks between two columns of a table.
    private const int Gap = 3;
    private const int MostClasses = ScoreReport.MostInMatrix;

    /// <summary>Writes a report.</summary>
    /// <param name="output">Where.</param>
    /// <param name="report">The report; nothing is written where it is <see langword="null"/>.</param>
    public static void Write(TextWriter output, ScoreReport? report)
    {
        if (report is { Classes.Count: > 0 })
        {
            Classes(output, report);
        }

        foreach (var (index, residuals) in (report?.Residuals ?? []).Index())
        {
            Residuals(output, residuals, report!.Residuals.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" of output {index + 1}"));
        }
    }

    private static void Classes(TextWriter output, ScoreReport report)
    {
        // The worst first, where not all fit. A class without rows has no recall, and is no failure of the model.
        var shown = report.Classes.Count <= MostClasses ? report.Classes
            : [.. report.Classes.Where(c => c.Rows > 0).OrderBy(c => c.F1).Take(MostClasses)];
        TextTable.Write(output, [report.AreLabels ? "label" : "class", "rows", "predicted", "precision", "recall", "F1"],
            shown.Select(c => new[] { c.Name, Count(c.Rows), Count(c.Predicted), Share(c.Precision), Share(c.Recall), Share(c.F1) }), 1, 2, 3, 4, 5);
        if (shown.Count < report.Classes.Count)
        {
            output.WriteLine($"  (the {shown.Count} {(report.AreLabels ? "labels" : "classes")} "
                + $"with the lowest F1 of {Count(report.Classes.Count)}; all are in JSON)");
        }

        if (report.Confusion is { } matrix && Matrix(output, report, matrix))
        {
            // All is told.
        }
        else if (report.Confused.Count > 0)
        {
            TextTable.Write(output, ["true class", "taken for", "rows"],
                report.Confused.Select(c => new[] { c.Truth, c.Predicted, Count(c.Rows) }), 2);
        }

        Say(report.UnknownClass, "of a class that the model does not know");
        Say(report.WithoutPrediction, "without a prediction, because a score is no number");

        void Say(long rows, string what)
        {
            if (rows > 0)
            {
                output.WriteLine($"  {Figures.Count(rows, "row")} {what}");
            }
        }
    }

    // Nothing where the matrix is wider than the terminal.
    private static bool Matrix(TextWriter output, ScoreReport report, IReadOnlyList<IReadOnlyList<long>> matrix)
    {
        var names = report.Classes.Select(c => c.Name).ToList();
        var first = "true \\ predicted" + (report.Threshold is { } threshold
            ? string.Create(CultureInfo.InvariantCulture, $" (from {threshold:G4} on '{names[^1]}')") : "");
        int room = TextTable.Width(output), digits = matrix.Max(row => row.Max(n => Count(n).Length));
        bool areNamed = WidthWith(names, names) <= room;
        List<string> heads = areNamed ? names : [.. names.Select((_, k) => Letter(k))];
        List<string> rows = areNamed ? names : [.. names.Select((name, k) => $"{Letter(k)} = {name}")];
        if (WidthWith(heads, rows) > room)
        {
            return false;
        }

        TextTable.Write(output, [first, .. heads], matrix.Select((row, k) => (string[])[rows[k], .. row.Select(Count)]),
            [.. Enumerable.Range(1, names.Count)]);
        return true;

        int WidthWith(List<string> heads, List<string> rows) =>
            Gap + Math.Max(first.Length, rows.Max(r => r.Length)) + heads.Sum(h => Gap + Math.Max(h.Length, digits));
    }

    private static void Residuals(TextWriter output, ResidualReport residuals, string of)
    {
        if (residuals.Minimum is null)
        {
            output.WriteLine($"residuals{of}: there are none, because no score is a number");
            return;
        }

        TextTable.Write(output, [$"predicted − true{of}", "least", "5 %", "25 %", "median", "75 %", "95 %", "greatest"],
        [
            ["", .. new[]
            {
                residuals.Minimum, residuals.Percent5, residuals.Percent25, residuals.Median, residuals.Percent75, residuals.Percent95, residuals.Maximum,
            }.Select(Value)],
        ], 1, 2, 3, 4, 5, 6, 7);
        TextTable.Write(output, [$"worst rows{of}", "true", "predicted", "difference"],
            residuals.Worst.Select(r => new[]
            {
                string.Create(CultureInfo.InvariantCulture, $"{(r.Line is null ? "row" : "line")} {r.Line ?? r.Row}"),
                Value(r.Truth), Value(r.Predicted), Value(r.Residual),
            }), 1, 2, 3);
    }

    private static string Letter(int index) => ((char)('a' + index)).ToString();

    private static string Count(long rows) => rows.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(double? share) => share?.ToString("F3", CultureInfo.InvariantCulture) ?? "none";

    private static string Value(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? "none";
}
