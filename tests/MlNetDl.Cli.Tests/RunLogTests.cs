using System.Text.RegularExpressions;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests;

/// <summary>What a run says stays in its folder.</summary>
public sealed class RunLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Log => File.ReadAllText(folder["run/log.txt"]);

    [Fact]
    public void Each_message_has_a_line_with_its_time()
    {
        File.WriteAllText(folder["a.yaml"], Tool.Digits);
        Assert.Equal(0, Tool.Run("run", folder["a.yaml"], "training.epochs=1", "--output", folder["run"]).Code);
        Assert.All(Log.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ  ", line));
        Assert.Contains("3,823 examples to train on, 1,797 to test with", Log, StringComparison.Ordinal);
        Assert.EndsWith("Z  done\n", Log, StringComparison.Ordinal);
        var before = Log;
        // What is only reported is no work.
        Assert.Equal(0, Tool.Run("run", folder["a.yaml"], "training.epochs=1", "--output", folder["run"]).Code);
        Assert.Equal(before, Log);
    }

    [Fact]
    public void A_failure_is_logged_and_the_corrected_run_takes_the_folder()
    {
        File.WriteAllText(folder["a.csv"], "x,y\n1,a\n2,b\n");
        File.WriteAllText(folder["a.yaml"], $$"""
            name: t
            data: { csv: "{{folder["a.csv"]}}", label: z }
            network: mlp
            """);
        var said = Tool.Fails(1, "run", folder["a.yaml"], "--output", folder["run"]).Replace("mldl: ", "", StringComparison.Ordinal).Trim();
        Assert.Contains($"failed: {said}", Log, StringComparison.Ordinal);
        File.WriteAllText(folder["a.csv"], "x,z\n" + string.Concat(Enumerable.Repeat("1,a\n2,b\n", 20)));
        Assert.Equal(0, Tool.Run("run", folder["a.yaml"], "training.epochs=1", "--output", folder["run"]).Code);
        Assert.Matches(new Regex("failed: .*\n.* begun, or continued, .*done\n$", RegexOptions.Singleline), Log);
    }

    [Fact]
    public void A_run_that_is_stopped_says_so()
    {
        File.WriteAllText(folder["a.yaml"], Tool.Digits);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(
            () => new ExperimentRunner(folder["run"], new StopAfter(1, stop)).Run(Experiment.Load(folder["a.yaml"]), stop.Token));
        Assert.EndsWith("Z  stopped; the same command continues it\n", Log, StringComparison.Ordinal);
    }
}
