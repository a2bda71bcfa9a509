using CsCheck;
using MlNetDl.Search.Statistics;

namespace MlNetDl.Search.Tests.Statistics;

public sealed class StatisticsTests
{
    private static readonly Gen<double[]> Differences = Gen.Int[-6, 6].Select(i => i / 2.0).Array[1, 10];

    [Fact]
    public void Holm_corrects_step_by_step()
    {
        // R 4.2: p.adjust(c(0.04, 0.01, 0.03, 0.02, 0.05), "holm").
        Assert.Equal([0.09, 0.05, 0.09, 0.08, 0.09], Holm.Adjust([0.04, 0.01, 0.03, 0.02, 0.05]).Select(p => Math.Round(p, 12)));
        Assert.Equal([1, 1], Holm.Adjust([0.6, 0.9]));
        Assert.Empty(Holm.Adjust([]));
        Assert.Throws<ArgumentException>(() => Holm.Adjust([double.NaN]));
    }

    [Fact]
    public void The_smallest_exact_p_is_two_of_all_signs()
    {
        for (int n = 1; n <= 50; n++)
        {
            Assert.Equal(
                Math.Min(1, Math.Pow(2, 1 - n)),
                WilcoxonSignedRank.Test([.. Enumerable.Range(1, n).Select(i => (double)i)]).PValue,
                15);
        }
    }

    [Fact]
    public void Groups_apart_have_one_order_of_all()
    {
        // C(8, 3) = 56.
        Assert.Equal(1 / 56.0, MannWhitney.Test([6, 7, 8], [1, 2, 3, 4, 5], Alternative.Greater).PValue, 14);
        Assert.Equal(1, EffectSize.CliffsDelta([6, 7, 8], [1, 2, 3, 4, 5]).Value);
    }

    [Fact]
    public void Tests_mirror() => Differences.Sample(d =>
    {
        double[] other = [.. d.Select(v => -v)];
        Assert.Equal(WilcoxonSignedRank.Test(d).PValue, WilcoxonSignedRank.Test(other).PValue, 12);
        Assert.Equal(WilcoxonSignedRank.Test(d, Alternative.Greater).PValue, WilcoxonSignedRank.Test(other, Alternative.Less).PValue, 12);
        Assert.Equal(EffectSize.RankBiserial(d).Value, -EffectSize.RankBiserial(other).Value, 12);
        Assert.Equal(MannWhitney.Test(d, other).PValue, MannWhitney.Test(other, d).PValue, 12);
    }, seed: "0000KOIPFsy3", iter: 200);

    [Fact]
    public void Without_differences_nothing_is_shown()
    {
        Assert.Equal(1, WilcoxonSignedRank.Test([0, 0, 0]).PValue);
        Assert.Equal(1, WilcoxonSignedRank.Test([0, 0, 0], zeros: ZeroDifferences.Rank).PValue);
        Assert.Equal(1, PairedT.Test([0, 0, 0]).PValue);
        Assert.Equal(1, MannWhitney.Test([1, 1], [1, 1]).PValue);
        Assert.Equal(0, EffectSize.RankBiserial([0, 0]).Value);
        Assert.Equal(0, EffectSize.CohensDOfPairs([0, 0]).Value);
    }

    [Fact]
    public void Equal_differences_leave_no_doubt()
    {
        Assert.Equal(0, PairedT.Test([2, 2, 2]).PValue);
        Assert.Equal(double.PositiveInfinity, EffectSize.CohensDOfPairs([2, 2, 2]).Value);
        Assert.Equal((2, 2), (MeanInterval.Of([2, 2, 2]).Lower, MeanInterval.Of([2, 2, 2]).Upper));
    }

    [Fact]
    public void High_confidence_from_few_values_gives_wide_intervals()
    {
        // t of one degree of freedom at 99.95 % is 1273.24 by the tables; of two 44.7.
        Assert.Equal(1273.239, MeanInterval.Of([1, 3], 0.9995).Upper - 2, 2);
        Assert.Equal(44.7046, (MeanInterval.Of([1, 2, 3], 0.9995).Upper - 2) * Math.Sqrt(3), 3);
        Assert.Equal(double.PositiveInfinity, MeanInterval.Of([3], 0.9995).Upper);
    }

    [Fact]
    public void One_value_has_no_interval() => Assert.Equal(
        (double.NegativeInfinity, double.PositiveInfinity), (MeanInterval.Of([3]).Lower, MeanInterval.Of([3]).Upper));

    [Fact]
    public void Intervals_hold_the_mean_as_often_as_they_say()
    {
        var random = new Random(1);
        int held = Enumerable.Range(0, 4000).Count(_ =>
        {
            var interval = MeanInterval.Of(
                [.. Enumerable.Range(0, 5).Select(_ => MathNet.Numerics.Distributions.Normal.Sample(random, 3, 2))],
                0.9);
            return interval.Lower < 3 && 3 < interval.Upper;
        });

        // 0.9 with four standard errors to either side.
        Assert.InRange(held / 4000.0, 0.881, 0.919);
    }

    [Fact]
    public void What_is_no_sample_is_refused()
    {
        Assert.Throws<ArgumentException>(() => WilcoxonSignedRank.Test([]));
        Assert.Throws<ArgumentException>(() => MannWhitney.Test([1], [double.NaN]));
        Assert.Throws<ArgumentException>(() => MannWhitney.Test([1, 2], [2, 3], method: PValueMethod.Exact));
        Assert.Throws<ArgumentException>(() => PairedT.Test([1]));
        Assert.Throws<ArgumentException>(() => MeanInterval.Of([1, 2], 1));
        Assert.Contains(
            "-∞",
            Assert.Throws<ArgumentException>(() => MeanInterval.Of([double.NegativeInfinity])).Message
                .Replace("-Infinity", "-∞", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }
}
