namespace MlNetDl.Metrics;

/// <summary>
/// Area under the ROC curve by ranks: the share of pairs of a yes and a no in which the yes scores higher; equal scores
/// count half (Mann and Whitney 1947). 0.5 is chance.
/// </summary>
/// <remarks>
/// Of classes, one against the rest, as scikit-learn's <c>multi_class="ovr"</c>, which refuses a truth that lacks a
/// class. Not defined where all rows are of one class.
/// </remarks>
public sealed record RocAuc : CurveMetric
{
    /// <inheritdoc/>
    public override string FigureName => Averaging == Averaging.Weighted ? "weightedAuc" : "auc";

    /// <inheritdoc/>
    protected override double OfRanks(IReadOnlyList<(double Yes, double No)> ranks, double yes, double no)
    {
        double below = 0, pairs = 0;
        foreach (var rank in ranks)
        {
            pairs += rank.Yes * (below + (rank.No / 2));
            below += rank.No;
        }

        return no > 0 ? pairs / (yes * no) : double.NaN;
    }
}
