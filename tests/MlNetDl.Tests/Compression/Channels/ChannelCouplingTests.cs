using MlNetDl.Analysis;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Compression;

/// <summary>Which channels hang together, where it can be said without computing.</summary>
public sealed class ChannelCouplingTests
{
    private static readonly Shape Image = Shape.Image(3, 12, 12);

    private static ChannelCoupling Of(Network network) => ChannelCoupling.Of(network.Plan());

    private static string Cells(ChannelCoupling coupling) =>
        string.Join("; ", coupling.Cells.Select(c => $"{string.Join(" ", c.Layers)} {c.Groups.Count}"));

    [Fact]
    public void Each_layer_before_the_output_is_a_cell()
    {
        var coupling = Of(new LeNet5().ToNetwork(Shape.Image(1, 28, 28), 10));
        Assert.Equal("c1 6; c3 16; c5 120; f6 84", Cells(coupling));
        Assert.All(coupling.GroupsOf(0), g => Assert.True(coupling.IsFixed(g)));
    }

    [Fact]
    public void A_channel_is_as_many_columns_as_it_has_pixels()
    {
        var network = new LeNet5().ToNetwork(Shape.Image(1, 28, 28), 10);
        var coupling = Of(network);
        var (narrow, cut) = ChannelCutter.Cut(coupling, Ones(network), coupling.Cells[1].Groups.Take(5).ToHashSet());
        Assert.Equal([120, (16 - 5) * 25], cut["c5.weight"].Dims);
        Assert.Equal([11, 6, 5, 5], cut["c3.weight"].Dims);
        Assert.Equal(61_706 - (5 * ((6 * 25) + 1 + (25 * 120))), narrow.Plan().ParameterCount);
    }

    [Fact]
    public void A_stream_with_zero_padding_has_a_cell_for_each_width()
    {
        var coupling = Of(new CifarResNet { Depth = 8 }.ToNetwork(Shape.Image(3, 32, 32), 10));
        var stream = coupling.Cells.Where(c => c.Layers.Any(l => l.EndsWith("body/b/conv", StringComparison.Ordinal))).ToList();
        Assert.Equal([16, 16, 32], stream.Select(c => c.Groups.Count));
        Assert.Equal(["conv1/conv", "stage2/0/body/b/conv", "stage3/0/body/b/conv"], stream.Select(c => c.Name));
    }

    [Fact]
    public void A_sum_ties_its_branches_and_a_concatenation_does_not()
    {
        Assert.Equal("a b 4", Cells(Of(Net(new Branches(new Sum(), Conv("a"), Conv("b"))))));
        Assert.Equal("a 4; b 4", Cells(Of(Net(new Branches(new Concat(), Conv("a"), Conv("b"))))));

        static Conv2d Conv(string name) => new(4, 1) { Name = name };
        static Network Net(Branches branches) =>
            new(new Sequential(branches with { Name = "" }, new GlobalAvgPool(), new Flatten(), new Linear(2) { Name = "out" }), Image);
    }

    [Fact]
    public void Groups_of_a_convolution_stay_equal_and_depthwise_channels_go_with_their_input()
    {
        var coupling = Of(ChannelSamples.Trees["grouped"]);
        Assert.Equal(
            "first/conv first/norm depthwise/conv depthwise/norm 16; pointwise/conv pointwise/norm 6; "
                + "grouped/conv grouped/norm multiplied/conv multiplied/norm 8; dilated/conv dilated/norm 12",
            Cells(coupling));
        var (narrow, cut) = ChannelCutter.Cut(
            coupling, Ones(ChannelSamples.Trees["grouped"]), coupling.Cells.Skip(1).Take(2).SelectMany(c => c.Groups.Take(2)).ToHashSet());
        Assert.Equal([24, 4, 3, 3], cut["grouped/conv.weight"].Dims);
        Assert.Equal([48, 1, 3, 3], cut["multiplied/conv.weight"].Dims);
        Assert.Equal([12, 48, 3, 3], cut["dilated/conv.weight"].Dims);
        Assert.Equal([1, 16, 1, 4, 24, 1], narrow.Plan().Steps.Select(s => s.Leaf).OfType<Conv2d>().Select(c => c.Groups));
    }

    [Fact]
    public void Weights_in_common_unite_the_channels_of_all_who_use_them()
    {
        Assert.Equal(8, Assert.Single(Of(ChannelSamples.Trees["shared"]).Cells).Groups.Count);

        // The table's columns are the vectors, which the output matrix reads; its rows are tokens for the one and outputs for the other.
        Assert.Equal("in back 10; hidden 9", Cells(Of(ChannelSamples.Trees["tied"])));
    }

    [Fact]
    public void An_axis_that_only_one_user_of_a_weight_has_is_fixed()
    {
        var network = new Network(
            new Sequential(
                new Shared("words", new Embedding(11, 10)) { Name = "in" },
                new Linear(10) { Name = "back" },
                new Shared("words", new Linear(11) { Bias = false }) { Name = "scores" },
                new Linear(3) { Name = "out" }),
            Shape.Tokens());
        Assert.Equal("in back 10", Cells(Of(network))); // the 11 channels of scores are tokens of the table
    }

    [Fact]
    public void Heads_and_outputs_on_the_way_are_fixed()
    {
        Layer[] body = [new Linear(4) { Name = "a" }, new Tap("seen") { Role = TapRole.Training }, new Linear(5) { Name = "b" }];
        var network = new Network(
            new Sequential([.. body, new Tap("head", new Linear(2)) { Role = TapRole.Auxiliary }, new Linear(2) { Name = "out" }]), Shape.Vector(3));
        Assert.Equal("b 5", Cells(Of(network)));
    }

    [Fact]
    public void A_leaf_that_says_nothing_leaves_the_rest_to_be_pruned()
    {
        var coupling = Of(Around(new Silent()));
        Assert.Equal("c 4", Cells(coupling));
        var uncut = Assert.Single(coupling.Uncut);
        Assert.Equal(("x", "Silent"), (uncut.Path, uncut.Type));
        Assert.StartsWith("Silent does not say how its channels hang together", uncut.Reason, StringComparison.Ordinal);

        Assert.StartsWith("Slopes has weights that follow its channels but does not say which axes do", Reason(new Slopes()), StringComparison.Ordinal);
        Assert.StartsWith("Doubling makes channels of its own but", Reason(new Doubling()), StringComparison.Ordinal);
        Assert.Empty(Of(Around(new OneSlope())).Uncut);

        static string Reason(Leaf leaf) => Assert.Single(Of(Around(leaf)).Uncut).Reason;
    }

    [Fact]
    public void A_leaf_that_does_not_become_what_it_says_is_refused_by_name()
    {
        var network = Around(new Liar());
        var coupling = Of(network);
        var e = Assert.Throws<ComponentException>(() => ChannelCutter.Cut(coupling, Ones(network), coupling.Cells[0].Groups.Take(1).ToHashSet()));
        Assert.Equal("x: the layer Liar failed in Narrow: with fewer channels it asks for the weights slope [4], but its axes leave slope [3]; "
            + "let INarrowsChannels name the axes that follow the channels.", e.Message);
        var wrong = Assert.Throws<ComponentException>(() => Of(Around(new Liar { Axes = 5 })));
        Assert.Contains(
            "x: the layer Liar failed in OutputAxes: it names dimension 0 of 'slope' with 5 channels of 0 to 4", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_must_stay_cannot_be_cut()
    {
        var network = ChannelSamples.Trees["squashed"];
        var coupling = Of(network);
        Assert.Contains("fixed", Refused(coupling.GroupsOf(0).Take(1)), StringComparison.Ordinal);
        Assert.StartsWith("a would be left without channels", Refused(coupling.Cells[0].Groups), StringComparison.Ordinal);

        string Refused(IEnumerable<int> groups) =>
            Assert.Throws<ArgumentException>(() => ChannelCutter.Cut(coupling, Ones(network), groups.ToHashSet())).Message;
    }

    private static Network Around(Leaf leaf) => new(
        new Sequential(
            new Linear(4) { Name = "a" }, leaf with { Name = "x" }, new Linear(4) { Name = "c" }, new Linear(2) { Name = "out" }),
        Shape.Vector(3));

    private static Weights Ones(Network network) => new(network.Plan().Parameters.Select(p =>
        new WeightArray(p.Name, p.Parameter.Dims, [.. Enumerable.Repeat(1f, (int)p.Parameter.Count)])));

    private record Silent : UnaryLeaf
    {
        public override Shape OutputShape(Shape input) => input;

        public override Tensor Forward(Tensor input, LeafState state) => input;

        public override OnnxValue WriteOnnx(OnnxGraph graph, OnnxValue input, IReadOnlyDictionary<string, OnnxValue> weights) => input;
    }

    private record Slopes : Silent, ICouplesOneValue
    {
        public override IReadOnlyList<Parameter> Parameters(Shape input) => [new("slope", [input.Size(1)], new ConstantInit(1))];

        public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => input;
    }

    private sealed record OneSlope : Slopes
    {
        public override IReadOnlyList<Parameter> Parameters(Shape input) => [new("slope", [1], new ConstantInit(1))];
    }

    private sealed record Doubling : Silent, ICouplesOneValue
    {
        public override Shape OutputShape(Shape input) => input.With(1, 2 * input.Size(1));

        public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => new([.. input.Groups, .. groups.Fresh(input.Groups.Count).Groups]);
    }

    private sealed record Liar : Slopes, INarrowsChannels
    {
        public int Axes { get; init; } = 4;

        public override IReadOnlyList<Parameter> Parameters(Shape input) => [new("slope", [4], new ConstantInit(1))];

        public IReadOnlyList<ChannelAxis> OutputAxes(IReadOnlyList<Shape> inputs) => [ChannelAxis.Along("slope", 0, Axes)];
    }
}
