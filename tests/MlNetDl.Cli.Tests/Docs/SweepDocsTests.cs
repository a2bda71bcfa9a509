using System.Text.RegularExpressions;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests.Docs;

/// <summary>The page on sweeps: its experiment runs, and its keys are those of the search.</summary>
public sealed class SweepDocsTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(ChildProcess.Repository, "docs", "sweeps.md"));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_experiments_of_the_page_run(int number)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.yaml"], Regex.Matches(Page, "```yaml\n(.*?)```", RegexOptions.Singleline)[number].Groups[1].Value);
        var (code, output, error) = ChildProcess.Dotnet(Tool.Dll, "run", folder["a.yaml"], "--output", folder["run"]);
        Assert.True(code == 0, error + output);
        Assert.True(File.Exists(folder["run/best/model.zip"]));
    }

    [Fact]
    public void The_page_names_every_key_of_the_search()
    {
        var keys = typeof(SearchOptions).GetProperties().Select(p => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(p.Name));
        Assert.DoesNotContain(keys, key => !Regex.IsMatch(Page, $@"\b{key}\b"));
    }

    [Fact]
    public void The_quick_start_is_a_sweep_as_the_page_says() =>
        Assert.Equal(16, Experiment.Load(Path.Combine(ChildProcess.Repository, "experiments", "quickstart.yaml")).Search!.MaxTrials);
}
