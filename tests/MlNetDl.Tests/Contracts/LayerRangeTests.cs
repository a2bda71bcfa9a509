using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.Tests.Contracts;

/// <summary>Ranges of layers are declared beside their members.</summary>
public sealed class LayerRangeTests
{
    private static readonly Shape Image = Shape.Image(4, 9, 7);

    public static TheoryData<Layer, string> Wrong => new()
    {
        { new Conv2d(0, 3), "out must be 1 or more but is 0." },
        { new Conv2d(6, 3, 0), "stride must be 1 or more but is 0." },
        { new Conv2d(6, 3, 1, -1), "padding must be 0 or more but is -1." },
        { new Conv2d(6, 3) { Groups = 4 }, "out must be a multiple of the 4 groups but is 6." },
        { new Linear(0), "out must be 1 or more but is 0." },
        { new Dropout(1), "p must be 0 or more and below 1 but is 1." },
        { new MaxPool2d(0), "kernel must be 1 or more but is 0." },
        { new AvgPool2d(3, 2, 2), "padding must be at most half the kernel of 3 but is 2." },
        { new AdaptiveAvgPool2d(0), "size must be 1 or more but is 0." },
        { new BatchNorm2d(0), "epsilon must be above 0 but is 0." },
        { new BatchNorm2d { Momentum = 1.5 }, "momentum must be 0 to 1 but is 1.5." },
        { new Embedding(5, 2) { PaddingIndex = 5 }, "paddingIndex must be below 5, as there are 5 tokens, but is 5." },
        { new PadChannels(4, 0), "stride must be 1 or more but is 0." },
        { new TrainableSubsampling(0), "kernel must be 1 or more but is 0." },
        { new Normalize([0], [1, 0]), "standardDeviation[1] must be above 0 but is 0." },
        { new Normalize([float.NaN], [1]), "mean must be finite." },
        { new Denormalize([0], [float.PositiveInfinity]), "standardDeviation must be finite." },
        { new RadialBasis([[1, 1], [1]]), "codes must be one code a class, all of one length, but have the lengths [2, 1]." },
        { new ConnectionTableConv2d([[], []], 3), "table must name the input maps of one output map or more." },
        { new PadChannels(4) { Before = -1 }, "before must be 0 or more but is -1." },
        { new ConnectionTableConv2d([[0], [1, 1]], 3), "table[1] must name input maps, each once and from 0, but is [1, 1]." },
        { new Tap("t") { LossWeight = -1 }, "lossWeight must be 0 or more but is -1." },
        { new Linear(3) { WeightInit = new NormalInit(-1) }, "weightInit.standardDeviation must be 0 or more but is -1." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_out_of_range_is_refused_where_the_plan_is_made(Layer layer, string problem) =>
        Assert.Equal($"network.root.{problem}", Assert.Throws<ArgumentException>(new Network(layer, Image).Plan).Message);

    [Fact]
    public void All_of_a_network_is_told_at_once()
    {
        var root = new Sequential(new Conv2d(0, 3), new Branches(new Sum(), new Dropout(2), new Identity()));
        Assert.Equal(
            "network.root.children[0].out must be 1 or more but is 0.\nnetwork.root.children[1].children[0].p must be "
                + "0 or more and below 1 but is 2.",
            Assert.Throws<ArgumentException>(new Network(root, Image).Plan).Message);
    }

    [Fact]
    public void In_a_file_it_is_told_at_the_place_where_it_was_written()
    {
        const string Text = """
            layers:
              - { type: conv2d, out: 0, kernel: 3 }
              - type: sequential
                children:
                  - relu
                  - - flatten
                    - { type: dropout, p: 2 }
              - { type: branches, join: sum, children: [ [ { type: linear, out: -1 } ] ] }
            """;
        var e = Assert.Throws<ConfigurationException>(() => ConfigurationDocument.Parse(Text, "n.yaml").Bind<CustomNetwork>());
        Assert.Equal(
            [
                "n.yaml(2,21): layers[0].out must be 1 or more but is 0.",
                "n.yaml(7,28): layers[1].children[1][1].p must be 0 or more and below 1 but is 2.",
                "n.yaml(8,64): layers[2].children[0][0].out must be 1 or more but is -1.",
            ],
            e.All.Select(p => p.Message));
    }

    [Fact]
    public void The_list_of_keys_and_the_schema_say_it()
    {
        Assert.Equal("a number, 0 or more and below 1", ComponentKey.Of(Catalogs.Layers.Find("dropout")).Single(k => k.Name == "p").Type);
        Assert.Equal("a whole number, 1 or more", ComponentKey.Of(Catalogs.Layers.Find("conv2d")).Single(k => k.Name == "out").Type);
        var layers = Schema.For<CustomNetwork>()["$defs"]!["layer"]!["anyOf"]!.AsArray();
        var dropout = layers.Single(l => l?["properties"]?["type"]?["const"]?.ToString() == "dropout")!["properties"]!["p"]!;
        Assert.Equal(("0", "1"), (dropout["minimum"]!.ToJsonString(), dropout["exclusiveMaximum"]!.ToJsonString()));
    }
}
