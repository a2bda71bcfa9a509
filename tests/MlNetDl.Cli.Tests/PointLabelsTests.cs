using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests;

/// <summary>The names beside the points of a ledger's plots.</summary>
public sealed class PointLabelsTests
{
    private const double HalfMarker = 6, HalfText = 6.5;

    [Fact]
    public void A_name_does_not_stand_on_its_own_point_however_crowded_it_is()
    {
        var labels = PointLabels.Of([.. Enumerable.Range(0, 8).Select(i => ($"model {i}", 0.5, 0.5))], []);
        Assert.All(labels, l => Assert.True(Math.Abs(l.Down) >= HalfMarker + HalfText || Math.Abs(l.Right) >= HalfMarker, $"{l}"));
        Assert.Equal(8, labels.Select(l => (l.Right, l.Down)).Distinct().Count());
    }

    [Fact]
    public void A_name_keeps_clear_of_the_line_where_it_can()
    {
        var (above, beside) = (Place([]), Place([(0.5, 0), (0.5, 0.5)]));
        Assert.Equal((0, true), (above.Right, above.Down < 0));
        Assert.True(beside.Right != 0 || beside.Down > 0);

        static PointLabel Place(IReadOnlyList<(double X, double Y)> line) => PointLabels.Of([("model", 0.5, 0.5)], line).Single();
    }
}
