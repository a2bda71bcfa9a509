using System.Globalization;
using MlNetDl.Configuration;

namespace MlNetDl.Metrics;

/// <summary>
/// Quantile loss, or pinball loss: the mean of q·(y − x) where the truth y is above the score x, and (1 − q)·(x − y)
/// where it is below; least for the q-quantile (Koenker and Bassett 1978).
/// </summary>
/// <remarks>Several outputs are averaged. A score of NaN makes it NaN.</remarks>
public sealed record QuantileLoss : Metric
{
    /// <summary>The quantile, q, above 0 and below 1; 0.5 by default, the median: half the mean absolute
    /// error.</summary>
    [Above(0), Below(1)]
    public double Quantile { get; init; } = 0.5;

    /// <summary>
    /// What reports call it: <c>quantileLoss</c>, and of other quantiles than the median with their digits, such as
    /// <c>quantileLoss0_9</c>.
    /// </summary>
    public override string FigureName =>
        Quantile == 0.5 ? "quantileLoss" : $"quantileLoss{Quantile.ToString(CultureInfo.InvariantCulture).Replace('.', '_')}";

    /// <inheritdoc/>
    public override Goal Goal => Goal.Minimize;

    /// <inheritdoc/>
    public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

    /// <inheritdoc/>
    protected override MetricRun Begin(ScoreForm form, int width) =>
        new OutputMeansRun(form, width, (score, target) => Math.Max(Quantile * (target - score), (Quantile - 1) * (target - score)));
}
