using System.Text.Json.Nodes;
using MlNetDl.Tests.Docs;

namespace MlNetDl.Packaging.Tests;

/// <summary>The package of commands in the hands of a host that adds one of its own.</summary>
[Collection("feed")]
public sealed class CommandsPackageTests(Feed feed)
{
    [Fact]
    public void A_hosts_command_stands_beside_those_of_the_tool()
    {
        var host = feed.Consumer("OwnTool");
        Assert.Contains(ReadmeCode.Read("tests/MlNetDl.Packaging.Tests/consumers/OwnTool/Program.cs"), ReadmeCode.Blocks("csharp"));
        feed.Shell.Dotnet("publish", host, "-c", "Release", "-o", feed["own"]);
        var help = Own("--help");
        Assert.Contains("classes", help, StringComparison.Ordinal);
        Assert.Contains("verify-results", help, StringComparison.Ordinal);
        Assert.Contains("  owntool classes runs/quickstart/best/model.zip", Own("classes", "--help"), StringComparison.Ordinal);

        var csv = Path.Combine(ChildProcess.Repository, "datasets/tabular/iris.csv");
        File.WriteAllText(feed["own.yaml"], $"{{ name: iris, task: multiclass, data: {{ csv: '{csv}', label: species "
            + "}, network: { type: mlp, hidden: [8] }, training: { epochs: 2 } }");
        Own("run", feed["own.yaml"], "--output", feed["owned"]);
        string[] classes = ["setosa", "versicolor", "virginica"];
        Assert.Equal(classes, Own("classes", feed["owned/model.zip"]).TrimEnd().Split(", ").Order());
        var json = JsonNode.Parse(Own("classes", feed["owned/model.zip"], "--json"))!;
        Assert.Equal(classes, json["classes"]!.AsArray().Select(c => (string)c!).Order());

        string Own(params string[] arguments) => feed.Shell.Run(feed[Path.Combine("own", "OwnTool")], arguments);
    }
}
