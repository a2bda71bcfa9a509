using MlNetDl.Search.Analysis;

namespace MlNetDl.Experiments;

/// <summary>The figures that the trials of a sweep have logged, as a table.</summary>
internal static class SweepMetrics
{
    /// <summary>A row for each trial and step, and a column for each figure that some trial has.</summary>
    public static AnalysisTable Of(Sweep sweep)
    {
        var all = sweep.Study.Trials.SelectMany(t => sweep.Store.Metrics(sweep.Study.Id, t.Number).Select(m => (t.Number, Metric: m))).ToList();
        var keys = all.Select(m => m.Metric.Key).Distinct().Order(StringComparer.Ordinal).ToList();
        return new(
            "metrics",
            ["trial", "step", .. keys],
            [
                .. all.GroupBy(m => (m.Number, m.Metric.Step)).OrderBy(g => g.Key)
                    .Select(g => Row(g.Key, g.ToDictionary(m => m.Metric.Key, m => m.Metric.Value))),
            ]);

        IReadOnlyList<object?> Row((int Trial, long Step) at, Dictionary<string, double> values) =>
            [at.Trial, at.Step, .. keys.Select(k => values.TryGetValue(k, out double value) ? value : (object?)null)];
    }
}
