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
        foreach (var item in Tool.Json("list", "networks").AsArray().Where(n => (string)n!["name"]! != "custom"))
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
        Assert.Contains("c1: Conv2d expects float32 images", Tool.Fails(2, "inspect", "leNet5", "--input", "784"), StringComparison.Ordinal);
        Assert.Contains("does not exist", Tool.Fails(1, "inspect", "nowhere.zip"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_describes_every_network_and_refuses_other_keys()
    {
        var schema = Tool.Json("schema");
        var text = schema.ToJsonString();
        Assert.All(Catalogues.Networks.Entries.Where(e => e.Preset.Count == 0), e => Assert.Contains($"\"const\":\"{e.Name}\"", text, StringComparison.Ordinal));
        Assert.False((bool)schema["additionalProperties"]!);
        Assert.Contains("Passes over the data", text, StringComparison.Ordinal);
        Assert.Contains("yaml-language-server: $schema=", Tool.Run("schema").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_calls_keys_as_yaml_does()
    {
        var wrong = Described(Tool.Json("schema")).Where(d => d.Keys.Any(key => Regex.IsMatch(d.Text, $@"(?<!^|[.:;] |\(){char.ToUpperInvariant(key[0])}{key[1..]}\b(?!-)"))).Select(d => d.Text);
        Assert.Empty(wrong);

        // Every description with the keys that it may speak of: those beside it, and where it is of an object, those in it.
        static IEnumerable<(string Text, List<string> Keys)> Described(JsonNode? node, List<string>? beside = null)
        {
            if (node is JsonObject map)
            {
                var within = map["properties"] is JsonObject properties ? properties.Select(p => p.Key).ToList() : [];
                if (map["description"] is JsonValue text)
                {
                    yield return ((string)text!, [.. beside ?? [], .. within]);
                }

                foreach (var item in map.SelectMany(p => p.Key == "properties" ? ((JsonObject)p.Value!).SelectMany(q => Described(q.Value, within)) : Described(p.Value)))
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
        Assert.Contains(part, (string)Tool.Json("list", kind).AsArray().Single(i => (string)i!["name"]! == name)!["summary"]!, StringComparison.Ordinal);
        Assert.All(Tool.Json("list", kind).AsArray(), i => Assert.EndsWith(".", (string)i!["summary"]!, StringComparison.Ordinal));
    }
}
