using MlNetDl.Experiments.Search;
using MlNetDl.Experiments.Search.Statistics;

namespace MlNetDl.Experiments.Tests.Search.Statistics;

public sealed class ComparisonTests
{
    private static readonly double[] Low = [.. Enumerable.Range(0, 10).Select(i => i * 0.5)];
    private static readonly double[] High = [.. Low.Select((v, i) => v + 1 + (0.02 * i))];

    [Fact]
    public void Says_which_is_better_and_by_how_much()
    {
        var comparison = Comparison.Of("new", High, "old", Low, Direction.Maximize);
        Assert.Equal("new", comparison.Better);
        Assert.Equal("new is better than old: mean difference 1.09 [1.05, 1.13], 95 %; Wilcoxon signed-rank p = 0.002, n = 10; rank-biserial correlation 1.00", comparison.ToString());
        Assert.Equal("old is better than new: mean difference 1.09 [1.05, 1.13], 95 %; Wilcoxon signed-rank p = 0.002, n = 10; rank-biserial correlation 1.00", (comparison with { Direction = Direction.Minimize }).ToString());
        Assert.Equal("new is better than old: mean difference 1.09 [1.05, 1.13], 95 %; Wilcoxon signed-rank p = 0.002, n = 10; rank-biserial correlation -1.00", Comparison.Of("old", Low, "new", High, Direction.Maximize).ToString());
    }

    [Fact]
    public void Says_when_nothing_is_shown()
    {
        var comparison = Comparison.Of("a", [1, 2, 3, 4, 5, 6], "b", [2, 1, 4, 3, 6, 5], Direction.Minimize);
        Assert.Null(comparison.Better);
        Assert.StartsWith("no difference could be shown between a and b: mean difference 0 [", comparison.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Few_pairs_are_compared_by_t()
    {
        Assert.Equal(PairedT.Name, Comparison.Of("a", [5.0, 5.1, 5.2], "b", [1, 1.2, 1.1], Direction.Maximize).Test.Test);
        Assert.Equal("a", Comparison.Of("a", [5.0, 5.1, 5.2], "b", [1, 1.2, 1.1], Direction.Maximize).Better);
    }

    [Fact]
    public void Groups_without_pairs_are_compared_by_ranks()
    {
        var comparison = Comparison.OfUnpaired("a", [1, 2, 3, 4], "b", [5, 6, 7, 8, 9], Direction.Minimize);
        Assert.Equal((MannWhitney.Name, "a", "Cliff's delta", -1), (comparison.Test.Test, comparison.Better, comparison.Effect.Name, comparison.Effect.Value));
    }

    [Fact]
    public void A_test_errs_as_often_as_it_says()
    {
        var random = new Random(2);
        double[] Sample() => [.. Enumerable.Range(0, 12).Select(_ => random.NextDouble())];
        double errors = Enumerable.Range(0, 2000).Count(_ => Comparison.Of("a", Sample(), "b", Sample(), Direction.Minimize).Better is not null) / 2000.0;

        // 0.05 at most (ranks are discrete: 0.042 for twelve pairs), with four standard errors to either side.
        Assert.InRange(errors, 0.024, 0.062);
    }

    [Fact]
    public void Pairs_without_partner_are_refused() => Assert.Throws<ArgumentException>(() => Comparison.Of("a", [1, 2], "b", [1, 2, 3], Direction.Minimize));
}
