using MlNetDl.Generative;
using MlNetDl.Metrics;
using MlNetDl.Models;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>The report of a model's scores, with the names and the threshold of its task.</summary>
internal static class TaskReport
{
    /// <summary>The report.</summary>
    /// <param name="package">The model.</param>
    /// <param name="scores">Its scores, row-major.</param>
    /// <param name="targets">The truth, row-major.</param>
    /// <param name="lines">The line of each row in its file.</param>
    public static ScoreReport Of(ModelPackage package, float[] scores, float[] targets, IEnumerable<long>? lines = null)
    {
        var manifest = package.Manifest;
        var task = ScoredTask.Of(manifest);
        IReadOnlyList<string>? names = task is AnomalyDetection ? ["normal", "strange"]
            : task.Scores == ScoreForm.Logit ? manifest.Label.YesNoNames ?? ["false", "true"]
            : manifest.ClassNames;
        var report = ScoreReport.Of(
            new ScoredRows(task.Scores, manifest.Outputs, scores, targets) { YesAbove = task.YesAbove }, names) with
        {
            Threshold = AnomalyReport.Of(package)?.Threshold ?? (task.Scores == ScoreForm.Logit ? 1 / (1 + Math.Exp(-task.YesAbove)) : null),
        };
        return lines is null || report.Residuals.Count == 0 ? report : WithLines(report, lines);
    }

    private static ScoreReport WithLines(ScoreReport report, IEnumerable<long> lines)
    {
        var wanted = report.Residuals.SelectMany(r => r.Worst).Select(r => r.Row).ToHashSet();
        var found = lines.Index().Where(l => wanted.Contains(l.Index + 1)).ToDictionary(l => l.Index + 1, l => l.Item);
        return report with
        {
            Residuals = [.. report.Residuals.Select(residual => residual with
            {
                Worst = [.. residual.Worst.Select(row => found.TryGetValue(row.Row, out long line) ? row with { Line = line } : row)],
            })],
        };
    }
}
