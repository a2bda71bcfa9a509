using MlNetDl.Metrics;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A figure of ranks, as the library's are: the Gini coefficient of scoring, the share of pairs of a yes and a
/// no that are ordered right without the share ordered wrong.</summary>
public sealed record GiniCoefficient : CurveMetric
{
    public override string FigureName => Averaging == Averaging.Weighted ? "weightedGini" : "gini";

    protected override double OfRanks(IReadOnlyList<(double Yes, double No)> ranks, double yes, double no)
    {
        double below = 0, right = 0;
        foreach (var rank in ranks)
        {
            right += rank.Yes * (below - (no - below - rank.No));
            below += rank.No;
        }

        return no > 0 ? right / (yes * no) : double.NaN;
    }
}
