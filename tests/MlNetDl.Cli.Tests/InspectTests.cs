using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlNetDl.Configuration;

namespace MlNetDl.Cli.Tests;

public sealed class InspectTests
{
    [Theory]
    [InlineData("leNet5", "1x28x28", 10, 61_706, 416_520)]
    [InlineData("LENET5", "1x32x32", 10, 61_706, 416_520)]
    [InlineData("resNet34", "3x224x224", 1000, 21_797_672, 3_663_761_408)]
    [InlineData("alexNet", "3x227x227", 1000, 60_965_224, 724_406_816)]
    [InlineData("vgg16", "3x224x224", 1000, 138_357_544, 15_470_264_320)]
    [InlineData("cifarResNet20", "3x32x32", 10, 269_722, 40_551_040)]
    [InlineData("mlp", "784", 10, 101_770, 101_632)]
    public void Prints_the_published_counts(string network, string input, int classes, long parameters, long macs)
    {
        var json = Tool.Json("inspect", network, "--input", input, "--classes", $"{classes}");
        Assert.Equal(parameters, (long)json["parameters"]!);
        Assert.Equal(macs, (long)json["macs"]!);
        Assert.Equal(parameters, json["layers"]!.AsArray().Sum(l => (long)l!["parameters"]!));
    }

    [Fact]
    public void Every_listed_network_can_be_inspected_as_it_is()
    {
        // These wrap a network, or have layers, that a name does not tell.
        string[] wrappers = ["custom", "earlyExit", "gatedBlocks", "gatedChannels", "mixtureOfExperts"];
        // These have several networks, whose sizes follow from the data.
        string[] withoutLabels = ["pca", "kMeans", "autoencoder", "vae", "cvae", "betaVae", "tiltedVae"];
        foreach (var item in Tool.Json("list", "networks").AsArray().Where(n => !wrappers.Concat(withoutLabels).Contains((string)n!["name"]!)))
        {
            Assert.True((long)Tool.Json("inspect", (string)item!["name"]!)["parameters"]! > 0);
        }
    }

    [Theory]
    [InlineData("networks", "leNet5")]
    [InlineData("layers", "conv2d")]
    [InlineData("losses", "crossEntropy")]
    [InlineData("optimizers", "adamW")]
    [InlineData("schedules", "oneCycle")]
    [InlineData("datasets", "mnist")]
    public void Lists_say_what_everything_is(string kind, string name)
    {
        var items = Tool.Json("list", kind).AsArray();
        Assert.Contains(name, items.Select(i => (string)i!["name"]!));
        Assert.All(items, i => Assert.NotEqual("", (string)i!["summary"]!));
    }

    [Fact]
    public void The_keys_of_one_component_are_listed_with_type_default_and_meaning()
    {
        var keys = Tool.Json("list", "layers", "Conv2d")["keys"]!.AsArray().ToDictionary(k => (string)k!["name"]!, k => k!);
        Assert.True((bool)keys["out"]["required"]!);
        Assert.Equal(
            ("a whole number, 1 or more", null, "Output channels."),
            ((string?)keys["out"]["type"], (string?)keys["out"]["default"], (string?)keys["out"]["meaning"]));
        Assert.False((bool)keys["stride"]["required"]!);
        Assert.Equal("1", (string?)keys["stride"]["default"]);
        Assert.Equal("0.9", Default("optimizers", "adam", "beta1"));
        Assert.Equal("[128]", Default("networks", "mlp", "hidden"));
        Assert.Equal("34", Default("networks", "resNet34", "depth"));
        Assert.Contains("did you mean 'conv2d'?", Tool.Fails(2, "list", "layers", "conv2"), StringComparison.Ordinal);
        Assert.Contains("Data sets have no keys", Tool.Fails(2, "list", "datasets", "mnist"), StringComparison.Ordinal);

        static string? Default(string kind, string name, string key) => (string?)Tool.Json("list", kind, name)["keys"]!
            .AsArray()
            .Single(k => (string)k!["name"]! == key)!["default"];
    }

    [Fact]
    public void Every_component_of_a_list_has_keys_to_show()
    {
        foreach (var kind in (string[])[
            "networks", "layers", "initializers", "losses", "metrics", "optimizers", "schedules", "augmentations",
        ])
        {
            foreach (var item in Tool.Json("list", kind).AsArray())
            {
                var keys = Tool.Json("list", kind, (string)item!["name"]!)["keys"]!.AsArray();
                Assert.All(keys, k => Assert.NotEqual("", (string)k!["meaning"]!));
                Assert.All(keys, k => Assert.NotEqual("", (string?)k!["default"]));
            }
        }
    }

    [Fact]
    public void Tables_are_narrow_off_a_terminal_and_have_no_trailing_blanks()
    {
        foreach (string[] command in (string[][])[["list", "layers"], ["list", "layers", "conv2d"]])
        {
            var lines = Tool.Run(command).Output.ReplaceLineEndings("\n").Split('\n');
            Assert.All(lines, line => Assert.True(line.Length <= 120 && line == line.TrimEnd(), line));
        }
    }

    [Fact]
    public void A_text_summary_has_a_row_a_layer()
    {
        var (_, output, _) = Tool.Run("inspect", "leNet5");
        Assert.Contains("c3", output, StringComparison.Ordinal);
        Assert.Contains("[N, 16, 10, 10]", output, StringComparison.Ordinal);
        Assert.Contains("61,706", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_requests_exit_2_and_say_what_is_wrong()
    {
        Assert.Contains("did you mean 'leNet5'?", Tool.Fails(2, "inspect", "leNet4"), StringComparison.Ordinal);
        Assert.Contains("'custom' is a network that is given by its layers", Tool.Fails(2, "inspect", "custom"), StringComparison.Ordinal);
        Assert.Contains("'3x224' is not a size", Tool.Fails(2, "inspect", "resNet18", "--input", "3x224"), StringComparison.Ordinal);
        Assert.Contains(
            "c1: Conv2d expects float32 images",
            Tool.Fails(2, "inspect", "leNet5", "--input", "784"),
            StringComparison.Ordinal);
        Assert.Contains("does not exist", Tool.Fails(1, "inspect", "nowhere.zip"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_describes_every_network_and_refuses_other_keys()
    {
        var schema = Tool.Json("schema");
        var text = schema.ToJsonString();
        Assert.All(
            Catalogs.Networks.Entries.Where(e => e.Preset.Count == 0),
            e => Assert.Contains($"\"const\":\"{e.Name}\"", text, StringComparison.Ordinal));
        Assert.False((bool)schema["additionalProperties"]!);
        Assert.Contains("Passes over the data", text, StringComparison.Ordinal);
        Assert.Contains("yaml-language-server: $schema=", Tool.Run("schema").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_says_of_every_key_what_it_takes_and_means()
    {
        var schema = Tool.Json("schema");
        var keys = Properties(schema).ToList();
        Assert.Empty(keys
            .Where(k => k.Key != "type"
                && (k.Value is not JsonObject map
                    || map["description"] is null
                    || (map["type"] ?? map["anyOf"] ?? map["$ref"] ?? map["enum"]) is null))
            .Select(k => k.Key).Distinct());
        Assert.Equal("#/$defs/dataSource", (string?)schema["properties"]!["data"]!["$ref"]);
        var table = schema["$defs"]!["dataSource"]!["anyOf"]!.AsArray().Single(s => (string?)s!["properties"]?["type"]!["const"] == "csv")!;
        Assert.Equal(("array", "string", "string"), Shape(table["properties"]!["ignore"]!));
        // The key tells the kind.
        Assert.Equal(["csv"], table["required"]!.AsArray().Select(k => (string)k!));
        Assert.Equal(("array", "integer", "integer"), Shape(schema["properties"]!["seeds"]!));
        Assert.Equal("balanced", (string?)schema["properties"]!["training"]!["properties"]!["classWeights"]!["anyOf"]![0]!["enum"]![0]);
        var augmentations = schema["properties"]!["training"]!["properties"]!["augmentations"]!["anyOf"]!;
        Assert.Equal("#/$defs/augmentation", (string?)augmentations[0]!["items"]!["$ref"]);
        Assert.Equal("#/$defs/augmentation", (string?)augmentations[1]!["$ref"]);
        var objective = schema["properties"]!["search"]!["properties"]!["objective"]!["anyOf"]!;
        Assert.All((JsonNode[])[objective[0]!["items"]!, objective[1]!], o => Assert.NotNull(o["properties"]!["maximize"]));
        Assert.DoesNotContain(keys, k => k.Key == "wires");

        // What is referred to is there, and layers hold layers.
        var references = Regex.Matches(schema.ToJsonString(), "\"\\$ref\":\"(.*?)\"").Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.Contains("#/$defs/layer", references);
        Assert.All(references, r => Assert.NotNull(schema["$defs"]![r["#/$defs/".Length..]]));

        // One value may stand where a list of one is meant.
        static (string?, string?, string?) Shape(JsonNode key) =>
            ((string?)key["anyOf"]![0]!["type"], (string?)key["anyOf"]![0]!["items"]!["type"], (string?)key["anyOf"]![1]!["type"]);

        static IEnumerable<KeyValuePair<string, JsonNode?>> Properties(JsonNode? node) => node switch
        {
            JsonObject map => map.SelectMany(p => p.Key == "properties"
                ? ((JsonObject)p.Value!).Concat(((JsonObject)p.Value!).SelectMany(q => Properties(q.Value)))
                : Properties(p.Value)),
            JsonArray list => list.SelectMany(Properties),
            _ => [],
        };
    }

    [Fact]
    public void The_schema_calls_keys_as_yaml_does()
    {
        var wrong = Described(Tool.Json("schema"))
            .Where(d => d.Keys.Any(
                key => Regex.IsMatch(d.Text, $@"(?<!^|[.:;] |\(){char.ToUpperInvariant(key[0])}{key[1..]}\b(?!-)")))
            .Select(d => d.Text);
        Assert.Empty(wrong);

        // Every description with the keys that it may speak of: those beside it, and where it is of an
        // object, those in it.
        static IEnumerable<(string Text, List<string> Keys)> Described(JsonNode? node, List<string>? beside = null)
        {
            if (node is JsonObject map)
            {
                var within = map["properties"] is JsonObject properties ? properties.Select(p => p.Key).ToList() : [];
                if (map["description"] is JsonValue text)
                {
                    yield return ((string)text!, [.. beside ?? [], .. within]);
                }

                foreach (var item in map.SelectMany(p => p.Key == "properties"
                    ? ((JsonObject)p.Value!).SelectMany(q => Described(q.Value, within))
                    : Described(p.Value)))
                {
                    yield return item;
                }
            }
            else if (node is JsonArray list)
            {
                foreach (var item in list.SelectMany(n => Described(n)))
                {
                    yield return item;
                }
            }
        }
    }

    [Theory]
    [InlineData("layers", "radialBasis", "eq. 7)")]
    [InlineData("schedules", "cosine", "without restarts).")]
    public void Lists_have_whole_sentences(string kind, string name, string part)
    {
        Assert.Contains(
            part,
            (string)Tool.Json("list", kind).AsArray().Single(i => (string)i!["name"]! == name)!["summary"]!,
            StringComparison.Ordinal);
        Assert.All(Tool.Json("list", kind).AsArray(), i => Assert.EndsWith(".", (string)i!["summary"]!, StringComparison.Ordinal));
    }
}
