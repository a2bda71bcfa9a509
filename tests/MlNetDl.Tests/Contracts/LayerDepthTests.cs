using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Tests.Contracts;

/// <summary>One limit for trees in C#, JSON and YAML: what one accepts the others save and load.</summary>
public sealed class LayerDepthTests
{
    private const string Problem = "the layers nest deeper than 100 levels; put them side by side in one Sequential";

    private static readonly Shape Two = Shape.Vector(2);

    /// <summary>The deepest JSON a leaf has: lists of lists.</summary>
    private static readonly Leaf Deepest = new RadialBasis([[1, 2], [3, 4]]);

    public static TheoryData<string> Kinds => ["sequential", "branches", "tap", "shared"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_deepest_tree_is_planned_saved_and_loaded_in_every_form(string kind)
    {
        var root = Nested(kind, Layer.MaxDepth);
        var network = new Network(root, Two);
        Assert.NotEmpty(network.Plan().Steps);
        Assert.Equal(network, RecordJson.Deserialize<Network>(RecordJson.Serialize(network)));
        Assert.Equal(network, RecordJson.FromNode<Network>(RecordJson.ToNode(network)));
        var spec = new CustomNetwork { Layers = root };
        Assert.Equal(spec, ConfigurationDocument.Parse(ConfigurationDocument.ToYaml(spec)).Bind<CustomNetwork>());
        var manifest = MlNetDl.Tests.Onnx.Nets.Manifest(2, ["a", "b"]) with
        {
            Networks = new Dictionary<string, System.Text.Json.JsonElement>
            {
                ["network"] = RecordJson.ToElement(network),
            },
        };
        var read = ModelManifest.FromJson(manifest.ToJson());
        Assert.Equal(network, RecordJson.Deserialize<Network>(read.Networks["network"].GetRawText()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_level_more_is_one_error_in_CSharp(string kind) => Assert.StartsWith($"network: {Problem}",
        Assert.Throws<ShapeException>(new Network(Nested(kind, Layer.MaxDepth + 1), Two).Plan).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Thousands_of_levels_end_in_one_error_and_not_in_the_stack(string kind)
    {
        var root = Nested(kind, 20_000);
        Assert.Contains(Problem, Assert.Throws<ShapeException>(new Network(root, Two).Plan).Message, StringComparison.Ordinal);
        Assert.Contains(
            Problem,
            Assert.Throws<ShapeException>(() => LayerTree.Map(root, (_, leaf) => leaf)).Message,
            StringComparison.Ordinal);
        Assert.Contains(Problem, Assert.Throws<ShapeException>(() => LayerTree.Remove(root, "0")).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            Problem,
            Assert.Throws<ConfigurationException>(() => RecordJson.Serialize(new Network(root, Two))).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            Problem,
            Assert.Throws<ConfigurationException>(() => RecordJson.ToNode(new Network(root, Two))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"sequential","children":[""", "]}")]
    [InlineData("[", "]")]
    public void Text_of_thousands_of_levels_ends_in_the_same_error(string open, string close)
    {
        foreach (int levels in (int[])[260, 20_000])
        {
            var text = string.Concat(Enumerable.Repeat(open, levels)) + """{"type":"reLU"}"""
                + string.Concat(Enumerable.Repeat(close, levels));
            Assert.StartsWith(
                Problem,
                Assert.Throws<ConfigurationException>(() => RecordJson.Deserialize<Layer>(text)).Message,
                StringComparison.Ordinal);
            Assert.Contains(Problem, Assert.Throws<ConfigurationException>(() =>
                ConfigurationDocument.Parse($"layers: {text}")).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Lists_that_become_too_deep_as_sequences_end_in_the_same_error()
    {
        var text = new string('[', 200) + """{"type":"reLU"}""" + new string(']', 200);
        Assert.StartsWith(
            Problem,
            Assert.Throws<ConfigurationException>(() => RecordJson.Deserialize<Layer>(text)).Message,
            StringComparison.Ordinal);

        var most = new string('[', Layer.MaxDepth - 1) + """{"type":"reLU"}""" + new string(']', Layer.MaxDepth - 1);
        Assert.NotNull(new Network(RecordJson.Deserialize<Layer>(most), Two).Plan());
    }

    private static Layer Nested(string kind, int depth)
    {
        Layer layer = kind is "tap" ? new Linear(2) : Deepest;
        for (int i = 1; i < depth; i++)
        {
            layer = kind switch
            {
                "sequential" => new Sequential(layer),
                "branches" => new Branches(new Concat(), layer),
                "tap" => new Tap($"w{i}", layer) { Name = "t" },
                _ => new Shared("s", layer),
            };
        }

        return layer;
    }
}
