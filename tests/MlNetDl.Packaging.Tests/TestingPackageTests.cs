namespace MlNetDl.Packaging.Tests;

/// <summary>The package of contracts in the hands of an author who has a layer and no test framework.</summary>
[Collection("feed")]
public sealed class TestingPackageTests(Feed feed)
{
    [Fact]
    public void An_authors_console_program_runs_the_contracts()
    {
        var output = feed.Shell.Dotnet("run", "-c", "Release", "--project", feed.Consumer("Contracts")).ReplaceLineEndings("\n");
        Assert.Matches("^[3-9][0-9] facts hold\n", output);
        Assert.Contains("breaks 'ONNX Runtime computes the same, for any batch and length': ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("breaks 'YAML keeps it'", output, StringComparison.Ordinal);
    }
}
