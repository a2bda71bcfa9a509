namespace MlNetDl.Metrics;

/// <summary>
/// Average precision: Σ (Rₙ − Rₙ₋₁)·Pₙ over the thresholds from the highest score, with precision P and recall R: the
/// precision–recall curve in one number, without interpolation.
/// </summary>
/// <remarks>
/// The share of yes among the rows is chance, so it suits rare classes. Scikit-learn gives 0 where no row is yes; here
/// it is not defined.
/// </remarks>
public sealed record AveragePrecision : CurveMetric
{
    /// <inheritdoc/>
    public override string FigureName => Averaging == Averaging.Weighted ? "weightedAveragePrecision" : "averagePrecision";

    /// <inheritdoc/>
    protected override double OfRanks(IReadOnlyList<(double Yes, double No)> ranks, double yes, double no)
    {
        double found = 0, taken = 0, area = 0;
        foreach (var rank in ranks.Reverse())
        {
            found += rank.Yes;
            taken += rank.Yes + rank.No;
            area += rank.Yes / yes * (found / taken);
        }

        return area;
    }
}
