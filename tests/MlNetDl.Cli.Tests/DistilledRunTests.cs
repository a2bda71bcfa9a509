namespace MlNetDl.Cli.Tests;

/// <summary>A student that learns from a teacher's run, from YAML to the saved model.</summary>
public sealed class DistilledRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Yaml
    {
        get
        {
            File.WriteAllText(folder["digits.yaml"], Tool.Digits);
            return folder["digits.yaml"];
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_learns_from_the_model_of_another_and_its_generations_from_each_other()
    {
        Tool.Json("run", Yaml, "--output", folder["teacher"], "network.hidden=[64]");
        // A relative path counts from the current folder; the run's configuration has it whole.
        var teacher = Path.GetRelativePath(Environment.CurrentDirectory, folder["teacher/model.zip"]);
        var stages = $"[fit, {{ type: distilled, teacher: '{teacher}', temperature: 2 }}, {{ type: bornAgain, epochs: 2 }}]";
        var taught = Tool.Json("run", Yaml, "--output", folder["student"], $"training.stages={stages}");
        Assert.InRange((double)taught["metrics"]!["test"]!["accuracy"]!, 0.8, 1);
        Assert.Equal(
            [3, 2], new[] { "metrics.jsonl", "metrics.2.jsonl" }.Select(f => File.ReadLines(folder[$"student/{f}"]).Count()));
        Assert.Contains(folder["teacher/model.zip"], File.ReadAllText(folder["student/config.resolved.yaml"]), StringComparison.Ordinal);
        var shown = Tool.Run("inspect", folder["student/model.zip"]).Output;
        Assert.Contains("bornAgain: trained: 2 epochs", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_that_is_not_there_is_one_message()
    {
        const string Stages = "training.stages=[fit, { type: distilled, teacher: none.zip }]";
        var error = Tool.Fails(1, "run", Yaml, "--output", folder["run"], Stages);
        Assert.Contains($"The teacher '{Path.GetFullPath("none.zip")}' does not exist.", error, StringComparison.Ordinal);
    }
}
