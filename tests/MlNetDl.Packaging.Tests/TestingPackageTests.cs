namespace MlNetDl.Packaging.Tests;

/// <summary>The package of contracts in the hands of an author who has a layer, a sampler and no test
/// framework.</summary>
[Collection("feed")]
public sealed class TestingPackageTests(Feed feed)
{
    [Fact]
    public void An_authors_console_program_runs_the_contracts()
    {
        var output = feed.Shell.Dotnet("run", "-c", "Release", "--project", feed.Consumer("Contracts")).ReplaceLineEndings("\n");
        Assert.Matches("^[3-9][0-9] facts hold\n", output);
        Assert.Contains(
            "Forgetful { Seed = 1 } breaks 'A reopened study proposes what it would have proposed': ",
            output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("breaks 'Every proposal lies within its distribution and on its grid'", output, StringComparison.Ordinal);
    }
}
