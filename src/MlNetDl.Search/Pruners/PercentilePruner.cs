using MlNetDl.Configuration;
using MlNetDl.Search.Statistics;

namespace MlNetDl.Search.Pruners;

/// <summary>Stops a trial whose best value so far is not among the best share of the complete trials at the same step
/// (Golovin et al. 2017, "Google Vizier: A service for black-box optimization", 3.2.2, with any percentile in place
/// of the median).</summary>
/// <example><code>
/// using var study = Study.InMemory("percentile", pruner: new PercentilePruner { Percent = 10 }); // a tenth may go on
/// study.Optimize(
///     trial =>
///     {
///         double x = trial.Uniform("x", -1, 1);
///         for (int epoch = 1; epoch &lt;= 10; epoch++)
///         {
///             trial.ReportAndMaybePrune(epoch, Math.Abs(x) + (1.0 / epoch));
///         }
///
///         return Math.Abs(x);
///     },
///     trials: 40);
/// </code></example>
public sealed record PercentilePruner : SameStepPruner
{
    /// <summary>The share of trials to keep in percent, 0 to 100. 25 by default: stricter than the median, which has a
    /// name of its own.</summary>
    [AtLeast(0), AtMost(100)]
    public double Percent { get; init; } = 25;

    /// <inheritdoc/>
    protected override bool IsTooBad(double best, IReadOnlyList<double> others) => best > Percentile.Of(others, Percent);
}
