namespace MlNetDl.Cli.Tests;

/// <summary>What <c>mldl compress</c> does with models that are quantised already.</summary>
public sealed class CompressQuantizedTests(DigitsModel digits) : IDisposable, IClassFixture<DigitsModel>
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Sensitivity_of_kept_float_weights_is_told_as_theirs_wherever_it_is_written()
    {
        Compress(digits.Zip, "q", "--stage", "int8(rows=50, keepWeights=true)");
        var output = Compress(folder["q/model.zip"], "s", "--sensitivity");
        const string Words = "the float weights beside the graph; the model itself is quantised (";
        Assert.StartsWith($"Measured: {Words}", output, StringComparison.Ordinal);
        Assert.Contains(Words, File.ReadAllText(folder["s/sensitivity.json"]), StringComparison.Ordinal);
        var page = File.ReadAllText(folder["s/sensitivity.html"]);
        Assert.Contains("<h1>What the layers of model bear, of its float weights</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<title>model, sensitivity, of its float weights</title>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("float weights", Compress(digits.Zip, "whole", "--sensitivity"), StringComparison.Ordinal);
        Assert.DoesNotContain("float weights", File.ReadAllText(folder["whole/sensitivity.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Exits_of_kept_float_weights_are_told_as_theirs_wherever_they_are_written()
    {
        Tool.Json("run", digits.Yaml, "network={ type: earlyExit, network: { type: mlp, hidden: [16, 16] }, exits: [ { after: hidden1 } ] }",
            "training.stages=[fit, { type: int8, rows: 50, keepWeights: true }]", "training.epochs=1", "--output", folder["run"]);
        Assert.StartsWith("Measured: the float weights beside the graph", Compress(folder["run/model.zip"], "e", "--exits"), StringComparison.Ordinal);
        var page = File.ReadAllText(folder["e/exits.html"]);
        Assert.Contains("<h1>Where rows leave model, of its float weights</h1>", page, StringComparison.Ordinal);
        Assert.Contains("the model itself is quantised", File.ReadAllText(folder["e/exits.json"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--target", "macs <= 1500")]
    [InlineData("--stage", "filterPruning")]
    [InlineData("--sensitivity")]
    public void A_model_without_float_weights_is_refused_once(params string[] what)
    {
        Compress(digits.Zip, "q", "--stage", "int8(rows=50)");
        var error = Tool.Fails(1, ["compress", folder["q/model.zip"], "--data", digits.Yaml, "--output", folder["out"], .. what]);
        Assert.Equal(2, error.Split("is quantised already").Length);
        Assert.False(Directory.Exists(folder["out/tries"]));
    }

    private string Compress(string model, string name, params string[] what)
    {
        var (code, output, error) = Tool.Run(["compress", model, "--data", digits.Yaml, "--output", folder[name], .. what, "--quiet"]);
        Assert.True(code == 0, error);
        return output;
    }
}
