using System.Text.RegularExpressions;

namespace MlNetDl.Experiments.Tests.Docs;

public sealed class ReadmeSearchTests
{
    [Fact]
    public void The_example_is_the_code_that_runs_and_goes_on_where_it_was()
    {
        var file = File.ReadAllText(Path.Combine(ChildProcess.Repository, "tests/MlNetDl.Experiments.Tests/Docs/ReadmeSearch.cs"));
        var code = file[(file.IndexOf("// <example>", StringComparison.Ordinal) + 13)..file.IndexOf("// </example>", StringComparison.Ordinal)];
        var readme = File.ReadAllText(Path.Combine(ChildProcess.Repository, "README.md"));
        Assert.Contains(code, Regex.Matches(readme, "```csharp\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value));
        using var folder = new TemporaryFolder();
        // The least value is 8/256 + e^-9, at a learning rate of 0.01.
        double best = ReadmeSearch.Run(folder.Path);
        Assert.InRange(best, (8 / 256.0) + Math.Exp(-9), 0.15);
        Assert.Equal(best, ReadmeSearch.Run(folder.Path));
        Assert.True(File.Exists(folder["study.html"]));
    }
}
