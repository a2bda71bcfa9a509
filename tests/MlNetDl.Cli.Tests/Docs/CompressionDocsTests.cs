using MlNetDl.Tests.Docs;

namespace MlNetDl.Cli.Tests.Docs;

public sealed class CompressionDocsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_arms_of_the_page_run_and_the_small_ones_are_small()
    {
        File.WriteAllText(folder["a.yaml"], ReadmeCode.Blocks("yaml").Single(b => b.Contains("name: smaller", StringComparison.Ordinal)));
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

    [Fact]
    public void The_integer_arms_of_the_page_go_on_from_one_fit_and_show_their_errors()
    {
        File.WriteAllText(folder["i.yaml"], ReadmeCode.Blocks("yaml").Single(b => b.Contains("name: integers", StringComparison.Ordinal)));
        var arms = Tool.Json("run", folder["i.yaml"], "--output", folder["integers"], "training.epochs=3", "training.threads=1")["arms"]!;
        Assert.Equal(["whole", "int8", "entropy", "trained"], arms.AsObject().Select(a => a.Key));
        Assert.Equal([3, 3, 3, 4], arms.AsObject().Select(a => (int)a.Value!["epochs"]!));
        Assert.InRange((double)Bytes("int8") / Bytes("whole"), 0.2, 0.6);
        var page = File.ReadAllText(Directory.GetFiles(folder["integers/int8"], "quantization.html", SearchOption.AllDirectories).Single());
        Assert.Equal(3 * 2, page.Split("<svg").Length - 1);
        Assert.Contains("What rounding did to the layers of integers: int8, seed 1", page, StringComparison.Ordinal);
        Assert.Contains("Ranges of values: percentile (share 99.99), on 500 training rows.", page, StringComparison.Ordinal);
        Assert.Contains("then learned in training", File.ReadAllText(
            Directory.GetFiles(folder["integers/trained"], "quantization.html", SearchOption.AllDirectories).Single()), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder["integers/whole"], "quantization.html", SearchOption.AllDirectories));
        var model = Directory.GetFiles(folder["integers/int8"], "model.zip", SearchOption.AllDirectories).Single();
        Assert.StartsWith("8-bit weights, 8-bit values, by int8", (string)Tool.Json("inspect", model)["quantization"]!, StringComparison.Ordinal);
        var twice = Tool.Fails(1, "compress", model, "--data", "optdigits", "--stage", "int8", "--output", folder["twice"]);
        Assert.Contains("is quantised already", twice, StringComparison.Ordinal);

        long Bytes(string arm) => (long)arms[arm]!["ledger"]!["size"]!["onnxBytes"]!;
    }

    [Fact]
    public void The_dynamic_arms_of_the_page_run_and_their_exits_are_told()
    {
        File.WriteAllText(folder["d.yaml"], ReadmeCode.Blocks("yaml").Single(b => b.Contains("name: dynamic", StringComparison.Ordinal)));
        var arms = Tool.Json("run", folder["d.yaml"], "--output", folder["dynamic"], "training.epochs=3", "training.threads=1")["arms"]!;
        Assert.Equal(["whole", "exits", "experts"], arms.AsObject().Select(a => a.Key));
        var found = Tool.Json(
            "compress", Directory.GetFiles(folder["dynamic/exits"], "model.zip", SearchOption.AllDirectories)[0], "--data", "optdigits", "--exits",
            "--output", folder["exits"])["exits"]!;
        Assert.Equal(["exit1", "output"], found["exits"]!.AsArray().Select(e => (string)e!["name"]!));
        Assert.Equal((long)found["rows"]!, found["exits"]!.AsArray().Sum(e => e!["rowsOfClass"]!.AsArray().Sum(c => (long)c!)));
        Assert.InRange((double)found["accuracy"]!, (double)found["accuracyWithout"]! - 0.0051, 1);
        Assert.Equal(1 + 2, File.ReadAllLines(folder["exits/exits.csv"]).Length);
        var page = File.ReadAllText(folder["exits/exits.html"]);
        Assert.Equal(1, page.Split("<svg").Length - 1);
        Assert.Contains("Where the rows of each class leave", page, StringComparison.Ordinal);
        Assert.Contains(
            "needs a network with early exits",
            Tool.Fails(1, "compress", Directory.GetFiles(folder["dynamic/whole"], "model.zip", SearchOption.AllDirectories)[0], "--data", "optdigits",
                "--exits", "--output", folder["none"]),
            StringComparison.Ordinal);
    }
}
