namespace MlNetDl.Cli.Tests;

/// <summary><c>mldl compare</c> sets runs beside each other where their figures compare.</summary>
public sealed class CompareTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public CompareTests()
    {
        File.WriteAllText(folder["a.csv"], "x,y,kind\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 5},{i % 7},{(i % 5 > 2 ? "p" : "q")}\n")));
        File.WriteAllText(folder["a.yaml"], $$"""
            name: a
            data: { csv: "{{folder["a.csv"]}}", label: kind }
            network: { type: mlp, hidden: [4] }
            training: { epochs: 1, batchSize: 16 }
            """);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Differing_settings_and_a_paired_test_over_seeds_are_told()
    {
        Run("one", "seeds=[1,2,3]");
        Run("two", "seeds=[1,2,3]", "training.epochs=20", "training.optimizer.learningRate=0.05");
        var compared = Tool.Json("compare", folder["one"], folder["two"]);
        var settings = compared["runs"]![1]!["settings"]!.AsObject();
        Assert.Equal(["training.epochs", "training.optimizer.learningRate"], settings.Select(s => s.Key).Order());
        Assert.Equal("20", (string)settings["training.epochs"]!);
        Assert.Contains("paired t", (string)compared["tests"]![0]!["text"]!, StringComparison.Ordinal);
        Assert.NotNull(compared["runs"]![0]!["standardDeviations"]!["accuracy"]);
        var (_, output, _) = Tool.Run("compare", folder["one"], folder["two"]);
        Assert.Contains("training.epochs", output, StringComparison.Ordinal);
        Assert.DoesNotContain("batchSize", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_one_seed_nothing_is_concluded()
    {
        Run("one");
        Run("two", "network.hidden=[5]");
        var test = Tool.Json("compare", folder["one"], folder["two"])["tests"]![0]!;
        Assert.Contains("nothing can be concluded from one seed", (string)test["text"]!, StringComparison.Ordinal);
        Assert.Null(test["pValue"]);
    }

    [Fact]
    public void Other_test_rows_are_refused_and_other_features_are_not()
    {
        Run("one");
        Run("fewer", "data.ignore=[y]");
        Run("other", "data.testFraction=0.5");
        Assert.Equal(0, Tool.Run("compare", folder["one"], folder["fewer"]).Code);
        Assert.Contains("data.testFraction", Tool.Fails(2, "compare", folder["one"], folder["other"]), StringComparison.Ordinal);
        File.AppendAllText(folder["a.csv"], "1,1,p\n");
        Run("changed");
        Assert.Contains("data.csv", Tool.Fails(2, "compare", folder["one"], folder["changed"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Thresholds_validation_data_and_texts_are_settings()
    {
        File.WriteAllLines(folder["v.csv"], File.ReadLines(folder["a.csv"]).Take(30));
        string[] binary = ["task=binary", "data.positive=p"];
        Run("one", binary);
        Run("threshold", ["task={ type: binary, threshold: 0.2 }", "data.positive=p"]);
        Run("validated", [.. binary, $"data.validation={folder["v.csv"]}"]);
        Run("texts", [.. binary, "data.text=[x]"]);
        var runs = Tool.Json("compare", folder["one"], folder["threshold"], folder["validated"], folder["texts"])["runs"]!.AsArray();
        string?[] Of(string key) => [.. runs.Select(r => r!["settings"]![key]?.ToString())];
        Assert.Equal([true, false, true, true], Of("task.threshold").Select(v => v == Of("task.threshold")[0]));
        Assert.Equal("0.2", Of("task.threshold")[1]);
        Assert.Equal([false, false, true, false], Of("data.validation").Select(v => v?.Contains("v.csv", StringComparison.Ordinal) == true));
        Assert.Equal("[\"x\"]", Of("data.text")[3]);
        // Other tasks do not compare.
        Run("classes");
        Assert.Contains("have other tasks", Tool.Fails(2, "compare", folder["one"], folder["classes"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_that_hold_no_finished_run_are_refused()
    {
        Run("one");
        Assert.Contains("name two runs", Tool.Fails(2, "compare", folder["one"]), StringComparison.Ordinal);
        Assert.Contains("named twice", Tool.Fails(2, "compare", folder["one"], folder["one"] + "/"), StringComparison.Ordinal);
        Assert.Contains("There is no folder", Tool.Fails(2, "compare", folder["one"], folder["none"]), StringComparison.Ordinal);
        Assert.Contains("holds no run", Tool.Fails(2, "compare", folder["one"], Directory.CreateDirectory(folder["empty"]).FullName), StringComparison.Ordinal);
        File.Delete(folder["one/result.json"]);
        Run("two");
        Assert.Contains("is not done yet", Tool.Fails(2, "compare", folder["two"], folder["one"]), StringComparison.Ordinal);
    }

    private void Run(string name, params string[] overrides)
    {
        var (code, _, error) = Tool.Run(["run", folder["a.yaml"], .. overrides, "--quiet", "--output", folder[name]]);
        Assert.True(code == 0, error);
    }
}
