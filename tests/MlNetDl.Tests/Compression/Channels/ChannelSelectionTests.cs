using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Tests.Compression;

/// <summary>Which channels go, from given scores.</summary>
public sealed class ChannelSelectionTests
{
    // Cells of 4, 6 and 20 units; the score of a unit is its place, times ten in the second cell.
    private static readonly ChannelCoupling Coupling = ChannelCoupling.Of(new Network(
        new Sequential(new Linear(4) { Name = "a" }, new Linear(6) { Name = "b" }, new Linear(20) { Name = "c" }, new Linear(2) { Name = "out" }),
        Shape.Vector(3)).Plan());

    private static readonly Dictionary<int, double> Scores = Coupling.Cells.Index()
        .SelectMany(c => c.Item.Groups.Index().Select(g => (g.Item, Score: (g.Index + 1.0) * (c.Index == 1 ? 10 : 1)))).ToDictionary(s => s.Item, s => s.Score);

    private static string Stay(ChannelSelection selection, double amount, Dictionary<ValueList<string>, int>? original = null)
    {
        var gone = selection.Choose(Coupling, Coupling.Cells, Scores, amount, original);
        Assert.All(Coupling.Cells, c => Assert.Equal(c.Groups.Where(gone.Contains), c.Groups.Take(c.Groups.Count(gone.Contains))));
        return string.Join(" ", Coupling.Cells.Select(c => c.Groups.Count(g => !gone.Contains(g))));
    }

    [Theory]
    [InlineData(0, 1, "4 6 20")]
    [InlineData(0.5, 1, "2 3 10")]
    [InlineData(0.3, 1, "3 4 14")]
    [InlineData(0.999, 1, "1 1 1")]
    [InlineData(1, 1, "1 1 1")]
    [InlineData(0.5, 4, "4 4 12")]
    [InlineData(0.9, 8, "4 6 8")]
    [InlineData(0, 8, "4 6 20")]
    public void Each_layer_loses_its_share_and_one_unit_stays(double amount, int multiple, string stay) =>
        Assert.Equal(stay, Stay(new() { Multiple = multiple }, amount));

    [Fact]
    public void Shares_of_later_rounds_are_of_the_units_before_the_first() =>
        Assert.Equal("4 4 10", Stay(new(), 0.5, new() { [["a"]] = 8, [["b"]] = 8, [["c"]] = 20 }));

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.8, 1)]
    public void Over_all_layers_the_lowest_relative_scores_go(double amount, int least)
    {
        var gone = new ChannelSelection { Scope = PruningScope.Global }.Choose(Coupling, Coupling.Cells, Scores, amount);
        Assert.Equal((int)(30 * amount), gone.Count);
        var relative = Coupling.Cells.SelectMany(c =>
        {
            double mean = c.Groups.Average(g => Scores[g]);
            return c.Groups.Select(g => (Group: g, Score: Scores[g] / mean));
        }).ToList();
        Assert.All(Coupling.Cells, c => Assert.True(c.Groups.Count(g => !gone.Contains(g)) >= least));
        Assert.True(relative.Where(r => gone.Contains(r.Group)).Max(r => r.Score) <= relative.Where(r => !gone.Contains(r.Group)).Min(r => r.Score) + 1e-9
            || amount > 0.5);
    }

    [Fact]
    public void Over_all_layers_one_unit_of_each_stays() => Assert.Equal("1 1 1", Stay(new() { Scope = PruningScope.Global }, 1));

    [Fact]
    public void A_connection_stays_where_channels_do()
    {
        var network = new Network(
            new Sequential(
                new Conv2d(2, 1) { Name = "first" }, new ConnectionTableConv2d([[0], [1]], 1) { Name = "table" }, new Flatten(), new Linear(2)),
            Shape.Image(1, 2, 2));
        var coupling = ChannelCoupling.Of(network.Plan());

        // By themselves the first input map and the second output map would stay, which nothing connects.
        var scores = coupling.Cells[0].Groups.Zip([2.0, 1.0]).Concat(coupling.Cells[1].Groups.Zip([1.0, 3.0])).ToDictionary(s => s.First, s => s.Second);
        var gone = new ChannelSelection().Choose(coupling, coupling.Cells, scores, 0.5);
        Assert.Equal([coupling.Cells[0].Groups[1]], gone);
        Assert.Null(ChannelCutter.EmptyWeight(coupling, gone));
    }
}
