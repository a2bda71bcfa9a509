using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Contracts;

/// <summary>What only some leaves have, and what is said of the others.</summary>
public sealed class LeafFacetTests
{
    [Fact]
    public void A_leaf_that_does_not_couple_channels_says_so_wherever_it_is_asked()
    {
        var (groups, image) = (new ChannelGroups(), Shape.Image(4, 9, 7));
        var unary = Assert.Throws<NotSupportedException>(() => groups.Couple(new Silent(), [groups.Fresh(4)], [image]));
        Assert.Equal("Silent does not say how its channels hang together, so they cannot be pruned; let it implement ICouplesOneValue.", unary.Message);
        var several = Assert.Throws<NotSupportedException>(
            () => groups.Couple(new Largest(2, "places"), [groups.Fresh(4)], [Shape.Vector(4)]));
        Assert.EndsWith("let it implement ICouplesChannels.", several.Message, StringComparison.Ordinal);
    }

    private sealed record Silent : UnaryLeaf
    {
        public override Shape OutputShape(Shape input) => input;

        public override Tensor Forward(Tensor input, LeafState state) => input;

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) => input;
    }

    [Fact]
    public void A_leaf_of_one_value_does_not_join_branches()
    {
        var network = new Network(new Branches(new ReLU(), new Linear(3) { Name = "a" }, new Linear(3) { Name = "b" }), Shape.Vector(4));
        Assert.Equal("join: ReLU takes one value but got 2; join them by Sum, Concat, Product or another leaf that takes several.",
            Assert.Throws<ShapeException>(network.Plan).Message);
    }
}
