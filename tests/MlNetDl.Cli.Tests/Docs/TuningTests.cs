using MlNetDl.Data;
using MlNetDl.Search;
using MlNetDl.Tests.Docs;

namespace MlNetDl.Cli.Tests.Docs;

public sealed class ReadmeTuningTests
{
    [Fact]
    public void The_example_is_the_code_that_runs_and_finds_better_settings()
    {
        Assert.Contains(ReadmeCode.Example("tests/MlNetDl.Cli.Tests/Docs/ReadmeTuning.cs"), ReadmeCode.Blocks("csharp"));
        using var folder = new TemporaryFolder();
        var comparison = new ReadmeTuning(DatasetFolder.Find("")).Run(folder["study.db"]);
        Assert.Equal("tuned", comparison.Better);

        // Run again it has nothing left to search.
        Assert.Equal(comparison.ToString(), new ReadmeTuning(DatasetFolder.Find("")).Run(folder["study.db"]).ToString());
        using var study = Study.Load(folder["study.db"], "iris");
        Assert.Equal(12, study.Trials.Count);
        Assert.Contains(study.Trials, t => t.State == TrialState.Pruned);
    }
}
