using System.Text.RegularExpressions;
using MlNetDl.Tests.Docs;

namespace MlNetDl.Cli.Tests.Docs;

/// <summary>The commands of the documentation on smaller models, as they stand there.</summary>
public sealed partial class CompressDocsTests(DigitsModel digits) : IDisposable, IClassFixture<DigitsModel>
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_commands_of_the_documentation_run_one_after_the_other()
    {
        var page = File.ReadAllText(Path.Combine(ChildProcess.Repository, "docs", "command-line.md"));
        var section = page[page.IndexOf("## Smaller models", StringComparison.Ordinal)..];
        var lines = Block().Match(section).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        foreach (var line in lines)
        {
            var words = Word().Matches(line).Select(m => m.Value.Trim('"')).Select(Here).ToArray();
            Assert.Equal("mldl", words[0]);
            var (code, _, error) = Tool.Run(words[1..]);
            Assert.True(code == 0, $"{line}\n{error}");
        }
    }

    private string Here(string word) => word switch
    {
        "digits.yaml" => digits.Yaml,
        "half" or "sparse" or "taught" or "sensitivity" or "fast" => folder[word],
        _ => word.Replace("runs/digits/model.zip", digits.Zip, StringComparison.Ordinal)
            .Replace("half/", $"{folder["half"]}/", StringComparison.Ordinal)
            .Replace("sparse/", $"{folder["sparse"]}/", StringComparison.Ordinal),
    };

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("\"[^\"]*\"|[^ ]+")]
    private static partial Regex Word();
}
