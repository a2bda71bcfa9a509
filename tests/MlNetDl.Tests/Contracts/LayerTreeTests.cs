using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.Tests.Contracts;

public sealed class LayerTreeTests
{
    private static readonly Shape Four = Shape.Vector(4);

    private static readonly Layer Tree = new Sequential(
        new Linear(4),
        new Sequential(new Linear(4), new ReLU(), new Linear(4)) { Name = "block" },
        new Branches(new Sum(), new Linear(4), new Shared("tied", new Linear(4)), new Identity()),
        new Tap("head", new Sequential(new Linear(2))) { Role = TapRole.Output },
        new Linear(3));

    [Fact]
    public void Map_sees_every_leaf_at_the_path_its_step_has()
    {
        var seen = new List<LeafPlace>();
        var same = LayerTree.Map(Tree, (place, leaf) =>
        {
            seen.Add(place);
            return leaf;
        });
        Assert.Same(Tree, same);
        var steps = new Network(Tree, Four).Plan().Steps;
        Assert.Equal(steps.Select(s => (s.Path, s.WeightsName)), seen.Select(p => (p.Path, p.WeightsName)));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Map_goes_through_every_architecture_as_the_plan_does(NetworkSpec spec)
    {
        var network = spec.ToNetwork(Shape.Image(3, 224, 224), 10);
        var seen = new List<string>();
        LayerTree.Map(network.Root, (place, leaf) =>
        {
            seen.Add(place.Path);
            return leaf;
        });
        Assert.Equal(network.Plan().Steps.Select(s => s.Path).Order(), seen.Order());
    }

    public static TheoryData<NetworkSpec> Specs => [new ResNet(), new CifarResNet(), new GoogLeNet(), new AlexNet(), new Vgg()];

    [Fact]
    public void A_replaced_leaf_stands_at_the_old_path_and_others_keep_their_weights()
    {
        var wider = LayerTree.Map(Tree, (place, leaf) => place.Path == "block/1" ? new Tanh() : leaf);
        Assert.Equal(Weights(Tree), Weights(wider));
        Assert.IsType<Tanh>(new Network(wider, Four).Plan().Steps.Single(s => s.Path == "block/1").Leaf);

        var named = new Sequential(new Linear(4) { Name = "first" }, new Linear(2));
        Assert.Equal(["first.weight", "1.weight", "1.bias"],
            Weights(LayerTree.Map(named, (place, leaf) => place.Path == "first" ? new Linear(4) { Bias = false } : leaf)));
        Assert.Equal(["first/a.weight", "first/a.bias", "1.weight", "1.bias"],
            Weights(LayerTree.Map(named, (place, leaf) => place.Path == "first" ? new Sequential(new Linear(4) { Name = "a" }) : leaf)));
    }

    [Fact]
    public void A_join_is_replaced_by_a_leaf_only()
    {
        var product = LayerTree.Map(Tree, (_, leaf) => leaf is Sum ? new Product() : leaf);
        Assert.Equal(Weights(Tree), Weights(product));
        Assert.StartsWith("2/join: ", Assert.Throws<ShapeException>(() =>
            LayerTree.Map(Tree, (_, leaf) => leaf is Sum ? new Sequential() : leaf)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("block/1", "")]
    [InlineData("block", "block/0 block/2")]
    [InlineData("0", "0")]
    [InlineData("2/0", "2/0")]
    [InlineData("2", "2/0 tied")]
    [InlineData("3/head/0", "3/head/0")]
    [InlineData("3", "3/head/0")]
    public void What_is_left_after_a_removal_keeps_its_weights_names(string path, string gone)
    {
        var left = LayerTree.Remove(Tree, path);
        Assert.Equal(Weights(Tree).Where(w => !gone.Split(' ').Contains(w[..w.LastIndexOf('.')])), Weights(left));
        Assert.NotEqual(Tree, left);
    }

    [Fact]
    public void Removals_one_after_the_other_name_layers_as_before()
    {
        var tree = new Sequential(new Linear(4), new Linear(4), new Linear(4), new Linear(4));
        Assert.Equal(["2.weight", "2.bias"], Weights(new[] { "1", "0", "3" }.Aggregate((Layer)tree, LayerTree.Remove)));
    }

    [Fact]
    public void What_does_not_stand_there_or_cannot_go_is_an_error()
    {
        Assert.Contains("No layer that could be removed stands at 'block/7'", Problem(Tree, "block/7"), StringComparison.Ordinal);
        Assert.Contains("stands at '2/join'", Problem(Tree, "2/join"), StringComparison.Ordinal);
        Assert.Contains("stands at ''", Problem(new Sequential(new Sequential(new ReLU()) { Name = "" }), ""), StringComparison.Ordinal);
        Assert.Contains(
            "'0/0' is the only branch there",
            Problem(new Sequential(new Branches(new Sum(), new ReLU())), "0/0"),
            StringComparison.Ordinal);

        static string Problem(Layer tree, string path) => Assert.Throws<ArgumentException>(() => LayerTree.Remove(tree, path)).Message;
    }

    private static IEnumerable<string> Weights(Layer tree) => new Network(tree, Four).Plan().Parameters.Select(p => p.Name);
}
