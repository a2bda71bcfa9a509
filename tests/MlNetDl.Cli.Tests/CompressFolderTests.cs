using System.Text.Json.Nodes;
using MlNetDl.Experiments;
using MlNetDl.Models;

namespace MlNetDl.Cli.Tests;

/// <summary>What the folder of a compression keeps, continues and refuses.</summary>
public sealed class CompressFolderTests(DigitsModel digits) : IDisposable, IClassFixture<DigitsModel>
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_done_is_told_again_and_another_compression_is_refused()
    {
        string[] first = ["--stage", "magnitudePruning(amount=0.5)", "--quiet"];
        var (before, again) = (Compress(first), Compress(first));
        Assert.Equal(before.ToJsonString(), again.ToJsonString());
        var error = Fails(2, "--stage", "magnitudePruning(amount=0.6)");
        Assert.Contains("holds another compression", error, StringComparison.Ordinal);
        File.WriteAllText(folder["full"], "");
        Assert.Contains("holds no compression", Tool.Fails(
            2, "compress", digits.Zip, "--data", digits.Yaml, "--stage", "magnitudePruning", "--output", folder[""]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_interrupted_goes_on_to_the_same_model()
    {
        var job = new CompressionJob
        {
            Model = digits.Zip,
            Data = Experiment.Load(digits.Yaml).Data,
            Training = CompressionJob.OptionsOf(ModelFile.Read(digits.Zip).Manifest),
            Stages = [new Compression.FilterPruning { FineTune = new() { Epochs = 3 } }],
        };
        new ModelCompressor(folder["whole"]).Run(job);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => new ModelCompressor(folder["parts"], new StopAfter(1, stop)).Run(job, stop.Token));
        Assert.True(File.Exists(folder["parts/checkpoint"]));
        Assert.EndsWith("Z  stopped; the same command continues it\n", File.ReadAllText(folder["parts/log.txt"]), StringComparison.Ordinal);
        var result = new ModelCompressor(folder["parts"]).Run(job);
        Assert.Equal(3, result.Epochs);
        Assert.Equal(File.ReadAllBytes(folder["whole/model.onnx"]), File.ReadAllBytes(folder["parts/model.onnx"]));
    }

    /// <summary>As a run has it.</summary>
    [Fact]
    public void What_is_said_stays_in_the_folder_also_of_a_compression_that_fails()
    {
        string[] words = ["compress", digits.Zip, "--data", digits.Yaml, "--output", folder["small"], "--quiet"];
        var said = Tool.Fails(1, [.. words, "--stage", "blockPruning(count=1)"]).Replace("mldl: ", "", StringComparison.Ordinal).Trim();
        Assert.Contains($"failed: {said}", Log(), StringComparison.Ordinal);
        // Nothing was made, so another compression may take the folder.
        Assert.Equal(0, Tool.Run([.. words, "--stage", "magnitudePruning(amount=0.5)"]).Code);
        Assert.Matches(@"(?s)failed: .*\n[^\n]*: begun, or continued, by version .*1,797 to test with.*Z  done\n$", Log());

        string Log() => File.ReadAllText(folder["small/log.txt"]);
    }

    [Fact]
    public void Another_teacher_at_the_same_place_is_another_compression()
    {
        File.Copy(digits.Zip, folder["teacher.zip"]);
        string[] stages = ["--stage", "fit(epochs=1)", "--stage", $"distilled(teacher=\"{folder["teacher.zip"]}\")"];
        Compress(stages);
        var narrow = Tool.Json(
            "compress", digits.Zip, "--data", digits.Yaml, "--stage", "filterPruning(amount=0.5)", "--output", folder["narrow"]);
        File.Copy(folder["narrow/model.zip"], folder["teacher.zip"], overwrite: true);
        Assert.Contains("stages[1] has changed", Fails(2, stages), StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_whose_model_is_gone_is_made_anew()
    {
        Compress("--stage", "filterPruning(amount=0.5)");
        var before = File.ReadAllBytes(folder["small/model.onnx"]);
        File.Delete(folder["small/model.zip"]);
        Compress("--stage", "filterPruning(amount=0.5)");
        Assert.True(File.Exists(folder["small/model.zip"]));
        Assert.Equal(before, File.ReadAllBytes(folder["small/model.onnx"]));
    }

    [Fact]
    public void One_process_at_a_time_works_in_a_folder()
    {
        Directory.CreateDirectory(folder["small"]);
        using (new FileStream(folder["small/running.tmp"], FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Contains("Another process works in", Fails(2, "--stage", "fit(epochs=1)"), StringComparison.Ordinal);
            Assert.Contains("Another process works in", Tool.Fails(2, "run", digits.Yaml, "--output", folder["small"]), StringComparison.Ordinal);
        }

        // What a process that died has left holds nobody up.
        Compress("--stage", "fit(epochs=1)");
        Assert.False(File.Exists(folder["small/running.tmp"]));
    }

    private JsonNode Compress(params string[] args) =>
        Tool.Json(["compress", digits.Zip, "--data", digits.Yaml, "--output", folder["small"], .. args]);

    private string Fails(int code, params string[] args) =>
        Tool.Fails(code, ["compress", digits.Zip, "--data", digits.Yaml, "--output", folder["small"], .. args]);
}
