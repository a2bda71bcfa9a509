using System.Text.Json.Nodes;
using MlNetDl.Search.Statistics;

namespace MlNetDl.Search.Tests.Statistics;

/// <summary>SciPy 1.10.1 gives the same; see Golden/statistics_golden.py.</summary>
public sealed class StatisticsGoldenTests
{
    private static readonly JsonNode SciPy = Golden.Read("statistics-scipy-1.10.1.json");

    public static TheoryData<int> Paired => [.. Enumerable.Range(0, SciPy["paired"]!.AsArray().Count)];

    public static TheoryData<int> Unpaired => [.. Enumerable.Range(0, SciPy["unpaired"]!.AsArray().Count)];

    [Theory]
    [MemberData(nameof(Paired))]
    public void Pairs(int index)
    {
        var golden = SciPy["paired"]![index]!;
        double[] d = [.. golden["a"].Numbers().Zip(golden["b"].Numbers(), (a, b) => Math.Round(a - b, 9))];
        Assert.Equal((double)golden["wPlus"]!, WilcoxonSignedRank.Test(d).Statistic);
        Assert.Equal((double)golden["wPlusRankedZeros"]!, WilcoxonSignedRank.Test(d, zeros: ZeroDifferences.Rank).Statistic);
        PValues(golden["exact"], a => WilcoxonSignedRank.Test(d, a, method: PValueMethod.Exact));
        PValues(golden["allSigns"], a => WilcoxonSignedRank.Test(d, a));
        PValues(golden["allSignsRankedZeros"], a => WilcoxonSignedRank.Test(d, a, ZeroDifferences.Rank));
        PValues(golden["normal"], a => WilcoxonSignedRank.Test(d, a, method: PValueMethod.Normal));
        PValues(golden["normalRankedZeros"], a => WilcoxonSignedRank.Test(d, a, ZeroDifferences.Rank, PValueMethod.Normal));
        Near((double)golden["rankBiserial"]!, EffectSize.RankBiserial(d).Value);
        Near((double)golden["t"]!, PairedT.Test(d).Statistic);
        PValues(golden["tP"], a => PairedT.Test(d, a));
        Near((double)golden["cohensDOfPairs"]!, EffectSize.CohensDOfPairs(d).Value);
        foreach (int percent in (int[])[90, 95, 99])
        {
            var interval = MeanInterval.Of(d, percent / 100.0);
            Near(golden[$"interval{percent}"].Numbers()[0], interval.Lower, 1e-7);
            Near(golden[$"interval{percent}"].Numbers()[1], interval.Upper, 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Unpaired))]
    public void Groups(int index)
    {
        var golden = SciPy["unpaired"]![index]!;
        double[] a = golden["a"].Numbers(), b = golden["b"].Numbers();
        Assert.Equal((double)golden["u"]!, MannWhitney.Test(a, b).Statistic);
        PValues(golden["exact"], x => MannWhitney.Test(a, b, x));
        PValues(golden["normal"], x => MannWhitney.Test(a, b, x, PValueMethod.Normal));
        Near((double)golden["cliffsDelta"]!, EffectSize.CliffsDelta(a, b).Value);
        Near((double)golden["cohensD"]!, EffectSize.CohensD(a, b).Value);
        var interval = MeanInterval.OfDifference(a, b);
        Near(golden["welch95"].Numbers()[0], interval.Lower, 1e-7);
        Near(golden["welch95"].Numbers()[1], interval.Upper, 1e-7);
    }

    private static void PValues(JsonNode? golden, Func<Alternative, TestResult> test)
    {
        if (golden is not null)
        {
            Near((double)golden["twoSided"]!, test(Alternative.TwoSided).PValue);
            Near((double)golden["greater"]!, test(Alternative.Greater).PValue);
            Near((double)golden["less"]!, test(Alternative.Less).PValue);
        }
    }

    // Quantiles of Student's distribution are found by bisection, to about eight digits.
    private static void Near(double expected, double actual, double relative = 1e-9) =>
        Assert.Equal(expected, actual, relative * Math.Max(1, Math.Abs(expected)));
}
