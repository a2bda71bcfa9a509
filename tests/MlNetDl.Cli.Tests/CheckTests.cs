namespace MlNetDl.Cli.Tests;

/// <summary><c>mldl check</c> tries what a run would do, and leaves nothing.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public CheckTests() => File.WriteAllText(folder["a.yaml"], Tool.Digits);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void It_says_what_the_run_would_do_and_leaves_nothing()
    {
        var left = Directory.GetFileSystemEntries(Path.GetTempPath(), "mldl-check-*");
        var check = Tool.Json("check", folder["a.yaml"], "seeds=[0,1]", "--output", folder["run"]);
        Assert.Equal((3823, 1797, 10), ((int)check["rows"]!, (int)check["testRows"]!, check["classes"]!.AsArray().Count));
        Assert.Equal("mlp", (string)check["networks"]![0]!["type"]!);
        Assert.Equal((64 * 32) + 32 + (32 * 10) + 10, (int)check["networks"]![0]!["parameters"]!);
        // 60 steps an epoch, 3 epochs, 2 seeds.
        Assert.Equal(360, (int)check["steps"]!);
        Assert.True((double)check["seconds"]! > 0);
        Assert.False(Directory.Exists(folder["run"]));
        Assert.Equal(left, Directory.GetFileSystemEntries(Path.GetTempPath(), "mldl-check-*"));
    }

    [Fact]
    public void Each_arm_is_tried()
    {
        File.AppendAllText(folder["a.yaml"], """

            arms:
              base: {}
              wide: { set: { network.hidden: [64] } }
            """);
        var check = Tool.Json("check", folder["a.yaml"], "--output", folder["run"]);
        Assert.Equal(["base", "wide"], check["networks"]!.AsArray().Select(n => (string)n!["name"]!));
        Assert.Equal(360, (int)check["steps"]!);
        Assert.Contains("arms.wide", Tool.Fails(2, "check", folder["a.yaml"], "arms.wide.set={ training.batchSize: 0 }"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_run_would_refuse_is_refused()
    {
        Assert.Contains("does not exist", Tool.Fails(2, "check", folder["b.yaml"]), StringComparison.Ordinal);
        Assert.Contains("epochs", Tool.Fails(2, "check", folder["a.yaml"], "training.epochs=-1"), StringComparison.Ordinal);
        Assert.Contains("does not fit the data", Tool.Fails(2, "check", folder["a.yaml"], "network=leNet5"), StringComparison.Ordinal);
        Directory.CreateDirectory(folder["mine"]);
        File.WriteAllText(folder["mine/letter.txt"], "");
        Assert.Contains("holds no run", Tool.Fails(2, "check", folder["a.yaml"], "--output", folder["mine"]), StringComparison.Ordinal);
        Assert.Equal(0, Tool.Run("run", folder["a.yaml"], "training.epochs=1", "--quiet", "--output", folder["run"]).Code);
        // A run would be refused, for its folder; the experiment is not, so that it can be checked before the old run is given up.
        var (code, output, error) = Tool.Run("check", folder["a.yaml"], "--output", folder["run"]);
        Assert.Equal(0, code);
        Assert.Contains("training.epochs: 1 there, 3 now", output + error, StringComparison.Ordinal);
        Assert.Equal("Done", (string)Tool.Json("check", folder["a.yaml"], "training.epochs=1", "--output", folder["run"])["found"]!);
    }

    [Fact]
    public void A_sample_of_a_table_has_the_features_and_classes_of_all_rows()
    {
        // One class and one word are last, and rare.
        File.WriteAllText(folder["t.csv"], "x,word,kind\n" + string.Concat(Enumerable.Range(0, 900).Select(i => $"{i},w{i % 3},a\n"))
            + string.Concat(Enumerable.Range(0, 6).Select(i => $"{i},rare,b\n")));
        File.WriteAllText(folder["t.yaml"], $$"""
            name: t
            data: { csv: "{{folder["t.csv"]}}", label: kind }
            network: mlp
            training: { batchSize: 8, validationFraction: 0.1 }
            """);
        var check = Tool.Json("check", folder["t.yaml"], "--output", folder["run"]);
        Assert.Equal(["a", "b"], check["classes"]!.AsArray().Select(c => (string)c!));
        Assert.Equal("[N, 5]", (string)check["input"]!);
    }

    [Fact]
    public void A_sweep_is_checked_at_its_ends()
    {
        var check = Tool.Json("check", folder["a.yaml"], "training.optimizer.learningRate=logUniform(1e-4, 1e-1)",
            "search.objective=[{ maximize: validation.accuracy }]", "search.maxTrials=7", "training.validationFraction=0.2", "--output", folder["run"]);
        Assert.Equal(7, (int)check["trials"]!);
        Assert.Null(check["steps"]);
    }
}
