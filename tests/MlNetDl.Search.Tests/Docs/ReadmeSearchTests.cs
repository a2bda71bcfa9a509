using MlNetDl.Tests.Docs;

namespace MlNetDl.Search.Tests.Docs;

public sealed class ReadmeSearchTests
{
    [Fact]
    public void The_example_is_the_code_that_runs_and_goes_on_where_it_was()
    {
        Assert.Contains(ReadmeCode.Example("tests/MlNetDl.Search.Tests/Docs/ReadmeSearch.cs"), ReadmeCode.Blocks("csharp"));
        using var folder = new TemporaryFolder();
        // The least value is 8/256 + e^-9, at a learning rate of 0.01.
        double best = ReadmeSearch.Run(folder.Path);
        Assert.InRange(best, (8 / 256.0) + Math.Exp(-9), 0.15);
        Assert.Equal(best, ReadmeSearch.Run(folder.Path));
        Assert.True(File.Exists(folder["study.html"]));
    }
}
