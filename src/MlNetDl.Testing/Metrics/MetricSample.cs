using MlNetDl.Metrics;

namespace MlNetDl.Testing;

/// <summary>A metric with rows that suit it, for metrics of a task's own: three quantiles beside one value, levels
/// in an order.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Random">Makes so many random rows, seven or more, from a seed.</param>
/// <param name="Perfect">Rows of which no better prediction could be made.</param>
public sealed record MetricSample(Metric Metric, Func<int, int, MetricRows> Random, MetricRows Perfect)
{
    /// <summary>The metric's value of <see cref="Perfect"/>; 1 where it is to be maximised, else 0 by
    /// default.</summary>
    public double Best { get; init; } = Metric.Goal == Goal.Maximize ? 1 : 0;

    /// <summary>Form of the scores.</summary>
    public ScoreForm Form => Perfect.Form;

    /// <summary>The rows of all metrics of such scores.</summary>
    internal static MetricSample Of(Metric metric, ScoreForm form) =>
        new(metric, (rows, seed) => MetricRows.Random(form, rows, seed), MetricRows.Perfect(form));

    /// <summary>Whether a value is no better than another.</summary>
    internal bool IsNoBetter(double value, double than) => double.IsNaN(value)
        || (Metric.Goal == Goal.Maximize ? value <= than : value >= than);
}
