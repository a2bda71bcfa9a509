using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;

namespace MlNetDl.Packaging.Tests;

/// <summary>The tool's packages, the one for this system and the one that points to it, installed as a
/// user installs them.</summary>
[Collection("feed")]
public sealed class ToolPackageTests(Feed feed)
{
    /// <summary>Start-up is what a user of a tool waits for first.</summary>
    [Theory]
    [InlineData("mldl.dll")]
    [InlineData("MlNetDl.Commands.dll")]
    [InlineData("System.CommandLine.dll")]
    public void The_tool_is_compiled_ahead_of_time(string library)
    {
        using var package = ZipFile.OpenRead(Path.Combine(feed.Packages, $"MlNetDl.Cli.{Feed.System}.{feed.Version}.nupkg"));
        using var memory = new MemoryStream();
        using (var content = package.Entries.Single(e => e.Name == library).Open())
        {
            content.CopyTo(memory);
        }

        memory.Position = 0;
        using var reader = new PEReader(memory);
        Assert.InRange(reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size, 1, int.MaxValue);
    }

    [Fact]
    public void The_installed_tool_helps_lists_trains_and_predicts()
    {
        Assert.True(File.Exists(Path.Combine(feed.Packages, $"MlNetDl.Cli.{Feed.System}.{feed.Version}.nupkg")));
        feed.Shell.Dotnet(
            "tool",
            "install",
            "MlNetDl.Cli",
            "--version",
            feed.Version,
            "--tool-path",
            feed["tool"],
            "--add-source",
            feed.Packages);
        Assert.Contains("Usage:", Mldl("--help"), StringComparison.Ordinal);
        Assert.Contains("leNet5", Mldl("list", "networks"), StringComparison.Ordinal);

        var csv = Path.Combine(ChildProcess.Repository, "datasets/tabular/iris.csv");
        File.WriteAllText(feed["iris.yaml"], $"{{ name: iris, task: multiclass, data: {{ csv: '{csv}', label: species "
            + "}, network: { type: mlp, hidden: [8] }, training: { epochs: 2 } }");
        Mldl("run", feed["iris.yaml"], "--output", feed["iris"]);
        File.WriteAllLines(feed["rows.csv"], File.ReadLines(csv).Take(4).Select(l => l[..l.LastIndexOf(',')]));
        var predictions = JsonNode.Parse(Mldl("predict", feed["iris/model.zip"], feed["rows.csv"], "--json"))!.AsArray();
        Assert.Equal(3, predictions.Count);
        Assert.All(predictions, p => Assert.Contains((string?)p!["predicted"], (string[])["setosa", "versicolor", "virginica"]));

        string Mldl(params string[] arguments) => feed.Shell.Run(feed[Path.Combine("tool", "mldl")], arguments);
    }
}
