using MlNetDl.Search.Statistics;

namespace MlNetDl.Search.Pruners;

/// <summary>Stops a trial whose best value so far is worse than the median of the complete trials at the same step
/// (Golovin et al. 2017, "Google Vizier: A service for black-box optimization", 3.2.2).</summary>
/// <example><code>
/// using var study = Study.InMemory("median", pruner: new MedianPruner { StartUpTrials = 5, WarmUpSteps = 2 });
/// study.Optimize(
///     trial =>
///     {
///         double rate = trial.LogUniform("rate", 1e-4, 1), loss = 1;
///         for (int epoch = 1; epoch &lt;= 10; epoch++)
///         {
///             loss = Math.Pow(Math.Log10(rate) + 2, 2) + (1.0 / epoch);
///             trial.ReportAndMaybePrune(epoch, loss); // a hopeless trial ends here
///         }
///
///         return loss;
///     },
///     trials: 40);
/// </code></example>
public sealed record MedianPruner : SameStepPruner
{
    /// <inheritdoc/>
    protected override bool IsTooBad(double best, IReadOnlyList<double> others) => best > Percentile.Of(others, 50);
}
