using System.Text.Json.Nodes;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests;

/// <summary>A saved model is brought below a bound.</summary>
public sealed class CompressTargetTests(DigitsModel digits) : IDisposable, IClassFixture<DigitsModel>
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_best_score_by_held_out_loss_reaches_the_target_with_as_many_channels_as_may_stay()
    {
        // A unit costs 64 + 10 multiply-adds, so 20 of 32 may stay.
        var result = Tool.Json(Args("--target", "macs <= 1500"));
        Assert.True((bool)result["isMet"]!);
        Assert.Equal(2368, (int)result["present"]!);
        Assert.Equal(20 * 74, (int)result["ledger"]![1]!["size"]!["macs"]!);
        var tries = result["tries"]!.AsArray();
        Assert.Equal(
            ["activationZeros", "geometricMedian", "l1Norm", "l2Norm", "normScale", "taylor"],
            tries.Select(t => (string)t!["method"]!).Order(StringComparer.Ordinal));
        var losses = tries.Where(t => t!["problem"] is null).Select(t => (double)t!["validation"]!["loss"]!).ToList();
        Assert.Equal(losses.Order(), losses);
        Assert.True(losses.Count >= 3);
        Assert.Contains("normScale", tries.Where(t => t!["problem"] is not null).Select(t => (string)t!["method"]!));
        // An epoch for each try that trained; nothing but their notes is left of them.
        Assert.Equal(losses.Count, (int)result["epochs"]!);
        Assert.Equal(
            ["aims.json", "try.json"],
            Directory.EnumerateFiles(folder["out/tries"], "*", SearchOption.AllDirectories).Select(Path.GetFileName).Distinct().Order());
        Assert.True(File.Exists(folder["out/ledger.html"]));
        Assert.Equal(result.ToJsonString(), Tool.Json(Args("--target", "macs <= 1500")).ToJsonString());
    }

    [Theory]
    [InlineData("parameters <= 1000", "parameters")]
    [InlineData("bytes <= 6000", "onnxBytes")]
    public void Other_figures_are_reached_too(string target, string figure)
    {
        var result = Tool.Json(Args("--target", target, "--set", "fineTune.epochs=1"));
        Assert.True((double)result["ledger"]![1]!["size"]![figure]! <= double.Parse(target.Split("<= ")[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("macs <= 1e9")]
    [InlineData("latencyMs <= 1000")]
    public void A_target_that_is_met_already_says_so(string target)
    {
        var (code, output, error) = Tool.Run(Args("--target", target, "--quiet"));
        Assert.True(code == 0, error);
        Assert.Contains("is met already", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public void A_target_out_of_reach_says_how_near_pruning_comes()
    {
        var (code, output, error) = Tool.Run([.. Args("--target", "macs <= 10"), "--json"]);
        Assert.Equal(1, code);
        Assert.Contains("leaves macs 74 of 2,368 where as few channels stay as may", error, StringComparison.Ordinal);
        Assert.False((bool)JsonNode.Parse(output)!["isMet"]!);
    }

    [Theory]
    [InlineData("mac <= 10", "did you mean 'macs'?")]
    [InlineData("macs < 10", "is no bound")]
    [InlineData("seconds <= 10", "pruning reaches no value of seconds")]
    [InlineData("macs >= 10", "makes figures smaller")]
    public void What_is_no_target_is_refused(string target, string words) =>
        Assert.Contains(words, Tool.Fails(2, Args("--target", target)), StringComparison.OrdinalIgnoreCase);

    // A time is another one at each measurement; the checkpoint of an interrupted try is of the share that the first one gave.
    [Fact]
    public void The_search_for_a_time_goes_on_where_it_was_interrupted()
    {
        File.WriteAllText(folder["wide.yaml"], """
            name: wide
            data: { dataset: optdigits, take: 200 }
            network: { type: mlp, hidden: [1024, 512] }
            training: { epochs: 1, batchSize: 64, threads: 1, optimizer: { type: adam } }
            """);
        Tool.Json("run", folder["wide.yaml"], "--output", folder["wide"]);
        var package = Models.ModelFile.Read(folder["wide/model.zip"]);
        // Well below what any measurement says, whatever else the machine does meanwhile.
        double bound = 0.4 * Enumerable.Range(0, 5).Min(_ => Models.Latency.Of(package).P50);
        var job = new CompressionJob
        {
            Model = folder["wide/model.zip"],
            Data = Experiment.Load(folder["wide.yaml"]).Data,
            Training = CompressionJob.OptionsOf(package.Manifest),
            Target = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"latencyMs <= {bound}"),
            FineTune = new() { Epochs = 3 },
        };
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new ModelCompressor(folder["out"], new StopAfter(1, stop)).Run(job, stop.Token));
        Assert.NotEmpty(Directory.EnumerateFiles(folder["out/tries"], "checkpoint*", SearchOption.AllDirectories));
        var result = new ModelCompressor(folder["out"]).Run(job);
        Assert.Equal(6, result.Tries!.Count);
        Assert.Equal(double.Parse(File.ReadAllText(folder["out/present.json"]), System.Globalization.CultureInfo.InvariantCulture), result.Present);
    }

    [Fact]
    public void A_try_without_a_finite_loss_is_not_taken()
    {
        var error = Tool.Fails(1, Args("--target", "macs <= 1500", "--set", "fineTune.optimizer={ type: sgd, learningRate: 1e30 }"));
        Assert.Contains("nothing has reached 'macs <= 1500'", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["out/model.zip"]));
    }

    [Fact]
    public void A_setting_that_nothing_reads_is_refused() => Assert.Contains(
        "fineTune.epochs=", Tool.Fails(2, Args("--target", "macs <= 1500", "--set", "epochs=7")), StringComparison.Ordinal);

    [Fact]
    public void One_thing_is_done_at_a_time()
    {
        Assert.Contains("one of four", Tool.Fails(2, Args("--target", "macs <= 10", "--sensitivity")), StringComparison.Ordinal);
        Assert.Contains("is of --target", Tool.Fails(2, Args("--stage", "fit", "--set", "fineTune.epochs=2")), StringComparison.Ordinal);
    }

    private string[] Args(params string[] more) => ["compress", digits.Zip, "--data", digits.Yaml, "--output", folder["out"], .. more];
}
