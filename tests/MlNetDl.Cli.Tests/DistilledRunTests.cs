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
        var stages = $"[fit, {{ type: distilled, teacher: '{folder["teacher/model.zip"]}', temperature: 2 }}, {{ type: bornAgain, epochs: 2 }}]";
        var taught = Tool.Json("run", Yaml, "--output", folder["student"], $"training.stages={stages}");
        Assert.InRange((double)taught["metrics"]!["test"]!["accuracy"]!, 0.8, 1);
        Assert.Equal(
            [3, 2], new[] { "metrics.jsonl", "metrics.2.jsonl" }.Select(f => File.ReadLines(folder[$"student/{f}"]).Count()));
        Assert.Contains("teacher/model.zip", File.ReadAllText(folder["student/config.resolved.yaml"]), StringComparison.Ordinal);
        var shown = Tool.Run("inspect", folder["student/model.zip"]).Output;
        Assert.Contains("bornAgain: trained: 2 epochs", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.zip", "The teacher 'none.zip' does not exist.")]
    public void A_teacher_that_is_not_there_is_one_message(string teacher, string message)
    {
        var stages = $"training.stages=[fit, {{ type: distilled, teacher: {teacher} }}]";
        var error = Tool.Fails(1, "run", Yaml, "--output", folder["run"], stages);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }
}
