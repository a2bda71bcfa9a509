using MlNetDl.Tests.Docs;

namespace MlNetDl.Cli.Tests.Docs;

public sealed class CompressionDocsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_arms_of_the_page_run_and_the_small_ones_are_small()
    {
        File.WriteAllText(folder["a.yaml"], ReadmeCode.Blocks("yaml").Single(b => b.Contains("arms:", StringComparison.Ordinal)));
        var arms = Tool.Json("run", folder["a.yaml"], "--output", folder["run"], "seeds=[1, 2]", "training.epochs=4")["arms"]!;
        var whole = Size("whole");
        const int macs = (64 * 64) + (64 * 32) + (32 * 10);
        Assert.Equal(macs, (long)whole["macs"]!);
        Assert.InRange((long)Size("filters")["macs"]!, macs / 4, macs / 2);
        Assert.Equal((long)Size("filters")["macs"]!, (long)Size("fromScratch")["macs"]!);
        Assert.Equal((long)whole["parameters"]! - (long)Math.Round(macs * 0.9), (long)Size("weights")["nonZeros"]!);
        Assert.Equal((64 * 8) + (8 * 10), (long)Size("student")["macs"]!);
        Assert.Equal(8, (int)arms["fromScratch"]!["epochs"]!);

        System.Text.Json.Nodes.JsonNode Size(string arm) => arms[arm]!["ledger"]!["size"]!;
    }
}
