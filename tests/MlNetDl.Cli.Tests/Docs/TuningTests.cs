using MlNetDl.Search;

namespace MlNetDl.Cli.Tests.Docs;

/// <summary>The tuning sample as a process: searches, compares, and goes on where it was.</summary>
public sealed class TuningTests
{
    [Fact]
    public void The_sample_prunes_by_epoch_finds_better_settings_and_says_so()
    {
        using var folder = new TemporaryFolder();
        var first = Run(folder["runs/study.db"]);
        Assert.Contains("tuned", first, StringComparison.Ordinal);

        // Run again it has nothing left to search.
        Assert.Equal(first, Run(folder["runs/study.db"]));
        using var study = Study.Load(folder["runs/study.db"], "iris");
        Assert.Equal(12, study.Trials.Count);
        Assert.Contains(study.Trials, t => t.State == TrialState.Pruned);
    }

    private static string Run(string study)
    {
        var dll = Path.Combine(ChildProcess.OutputOf("experiments/hosts/Tuning"), "Tuning.dll");
        var (code, output, error) = ChildProcess.Dotnet(
            [("MLNETDL_DATASETS", Path.Combine(ChildProcess.Repository, "datasets"))], dll, study);
        Assert.True(code == 0, error);
        return output;
    }
}
