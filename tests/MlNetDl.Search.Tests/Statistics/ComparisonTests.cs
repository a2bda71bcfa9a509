using MlNetDl.Search;
using MlNetDl.Search.Statistics;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Statistics;

public sealed class ComparisonTests
{
    private static readonly double[] Low = [.. Enumerable.Range(0, 10).Select(i => i * 0.5)];
    private static readonly double[] High = [.. Low.Select((v, i) => v + 1 + (0.02 * i))];

    [Fact]
    public void Says_which_is_better_and_by_how_much()
    {
        var comparison = Comparison.Of("new", High, "old", Low, Goal.Maximize);
        Assert.Equal("new", comparison.Better);
        Assert.Equal(
            "new is better than old: mean difference 1.09 [1.05, 1.13], 95 %; Wilcoxon signed-rank p = 0.002, n = 10; "
                + "rank-biserial correlation 1.00",
            comparison.ToString());
        Assert.Equal(
            "old is better than new: mean difference 1.09 [1.05, 1.13], 95 %; Wilcoxon signed-rank p = 0.002, n = 10; "
                + "rank-biserial correlation 1.00",
            (comparison with { Goal = Goal.Minimize }).ToString());
        Assert.Equal(
            "new is better than old: mean difference 1.09 [1.05, 1.13], 95 %; Wilcoxon signed-rank p = 0.002, n = 10; "
                + "rank-biserial correlation 1.00",
            Comparison.Of("old", Low, "new", High, Goal.Maximize).ToString());
    }

    [Fact]
    public void Says_when_nothing_is_shown()
    {
        var comparison = Comparison.Of("a", [1, 2, 3, 4, 5, 6], "b", [2, 1, 4, 3, 6, 5], Goal.Minimize);
        Assert.Null(comparison.Better);
        Assert.StartsWith(
            "no difference could be shown between a and b: mean difference 0 [",
            comparison.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Asks_about_the_seed_where_nothing_varies()
    {
        const string Question = "; every difference is the same: does the seed reach the training?";
        Assert.EndsWith($"Cohen's d of pairs Infinity{Question}",
            Comparison.Of("A", [0.5, 0.5, 0.5], "B", [0.4, 0.4, 0.4], Goal.Maximize).ToString(), StringComparison.Ordinal);
        Assert.EndsWith(
            Question,
            Comparison.OfUnpaired("A", [0.5, 0.5, 0.5], "B", [0.4, 0.4, 0.4], Goal.Maximize).ToString(),
            StringComparison.Ordinal);
        Assert.EndsWith(
            Question,
            Comparison.Of("A", [.. Low.Select(v => v + 0.1)], "B", Low, Goal.Maximize).ToString(),
            StringComparison.Ordinal);
        Assert.False(Comparison.Of("A", [0.5, 0.5, 0.5], "B", [0.5, 0.5, 0.5], Goal.Maximize).IsWithoutSpread);
        Assert.False(Comparison.Of("A", [0.5, 0.5, 0.5], "B", [0.4, 0.4, 0.41], Goal.Maximize).IsWithoutSpread);
        Assert.False(Comparison.OfUnpaired("A", [0.5, 0.5, 0.6], "B", [0.4, 0.4, 0.4], Goal.Maximize).IsWithoutSpread);
    }

    [Fact]
    public void Few_pairs_are_compared_by_t()
    {
        Assert.Equal(PairedT.Name, Comparison.Of("a", [5.0, 5.1, 5.2], "b", [1, 1.2, 1.1], Goal.Maximize).Test.Test);
        Assert.Equal("a", Comparison.Of("a", [5.0, 5.1, 5.2], "b", [1, 1.2, 1.1], Goal.Maximize).Better);
    }

    [Fact]
    public void Groups_without_pairs_are_compared_by_ranks()
    {
        var comparison = Comparison.OfUnpaired("a", [1, 2, 3, 4], "b", [5, 6, 7, 8, 9], Goal.Minimize);
        Assert.Equal(
            (MannWhitney.Name, "a", "Cliff's delta", -1),
            (comparison.Test.Test, comparison.Better, comparison.Effect.Name, comparison.Effect.Value));
    }

    [Fact]
    public void Where_ranks_could_show_nothing_it_is_the_t_test()
    {
        var three = Comparison.OfUnpaired("a", [0.98, 0.985, 0.99], "b", [0.10, 0.11, 0.12], Goal.Maximize);
        Assert.Equal((WelchT.Name, "a", "Cohen's d"), (three.Test.Test, three.Better, three.Effect.Name));

        // Four against four: 2 / 70 < 0.05, but not below 0.01.
        double[] low = [1, 2, 3, 4], high = [5, 6, 7, 8];
        Assert.Equal(MannWhitney.Name, Comparison.OfUnpaired("a", low, "b", high, Goal.Maximize).Test.Test);
        Assert.Equal(WelchT.Name, Comparison.OfUnpaired("a", low, "b", high, Goal.Maximize, 0.99).Test.Test);

        // Six pairs of which two are equal can no more reach 0.05 than five.
        Assert.Equal(WilcoxonSignedRank.Name, Comparison.Of("a", [1, 2, 3, 4, 5, 6], "b", [2, 4, 6, 8, 10, 12], Goal.Maximize).Test.Test);
        Assert.Equal(PairedT.Name, Comparison.Of("a", [1, 2, 3, 4, 5, 6], "b", [1, 4, 6, 8, 10, 12], Goal.Maximize).Test.Test);
        Assert.Equal(PairedT.Name, Comparison.Of("a", [1, 2, 3, 4, 5, 6], "b", [2, 4, 6, 8, 10, 12], Goal.Maximize, 0.99).Test.Test);
    }

    // The interval of the difference at 1 - p ends at 0.
    [Fact]
    public void Welchs_test_and_interval_agree()
    {
        double[] a = [3.1, 2.7, 3.6, 2.9], b = [2.2, 2.8, 1.9];
        double p = WelchT.Test(a, b).PValue;
        Assert.Equal(0, MeanInterval.OfDifference(a, b, 1 - p).Lower, 9);
        Assert.Equal(p / 2, WelchT.Test(a, b, Alternative.Greater).PValue, 12);
        Assert.Equal((1, 0), (WelchT.Test([1, 1], [1, 1]).PValue, WelchT.Test([1, 1], [2, 2]).PValue));
    }

    [Fact]
    public void A_test_errs_as_often_as_it_says()
    {
        var random = new Random(2);
        double[] Sample() => [.. Enumerable.Range(0, 12).Select(_ => random.NextDouble())];
        double errors = Enumerable.Range(0, 2000)
            .Count(_ => Comparison.Of("a", Sample(), "b", Sample(), Goal.Minimize).Better is not null)
            / 2000.0;

        // 0.05 at most (ranks are discrete: 0.042 for twelve pairs), with four standard errors to either side.
        Assert.InRange(errors, 0.024, 0.062);
    }

    [Fact]
    public void Pairs_without_partner_are_refused() =>
        Assert.Throws<ArgumentException>(() => Comparison.Of("a", [1, 2], "b", [1, 2, 3], Goal.Minimize));
}
