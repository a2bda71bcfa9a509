using System.Text.Json.Nodes;
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

    [Theory]
    [InlineData("multiclass")]
    [InlineData("binary")]
    [InlineData("regression")]
    public void New_experiments_can_be_inspected_at_once(string task)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["mine.yaml"], Tool.Run("new", task).Output.Replace("datasets/", $"{ChildProcess.Repository}/datasets/", StringComparison.Ordinal));
        JsonNode json = Tool.Json("inspect", folder["mine.yaml"]);
        Assert.True((long)json["parameters"]! > 0);
    }
}
