using System.Text.RegularExpressions;
using Microsoft.ML;
using MlNetDl.Data;
using MlNetDl.Torch;

namespace MlNetDl.Tests.Docs;

[Collection("torch")]
public sealed partial class ReadmeTests
{
    private static string Readme => ReadmeCode.Text;

    [Fact]
    public void The_example_is_the_code_that_runs()
    {
        Assert.Equal(ReadmeCode.Example("tests/MlNetDl.Tests/Docs/ReadmeExample.cs"), ReadmeCode.Blocks("csharp")[0]);
        using var folder = new TemporaryFolder();
        Assert.InRange(ReadmeExample.Run(DatasetFolder.Find(""), folder["model.zip"]), 0.95, 1);
        Assert.True(File.Exists(folder["model.zip"]));
    }

    [Fact]
    public void The_example_of_tokens_is_the_code_that_runs()
    {
        Assert.Contains(ReadmeCode.Example("tests/MlNetDl.Tests/Docs/ReadmeTokens.cs"), ReadmeCode.Blocks("csharp"));
        var ml = new MLContext(1);
        string[] good = ["fine", "well done", "good"], bad = ["poor", "ill done", "bad"];
        var reviews = Enumerable.Range(0, 200).Select(i => new Review { Label = i % 2 == 0, Text = $"{(i % 2 == 0 ? good : bad)[i % 3]}, number {i}" }).ToList();
        var view = ml.Data.LoadFromEnumerable(reviews);
        using var model = (IDisposable)ReadmeTokens.Train(ml, view);
        Assert.InRange(ml.BinaryClassification.Evaluate(((ITransformer)model).Transform(view)).Accuracy, 0.95, 1);
    }

    private sealed class Review
    {
        public bool Label { get; set; }

        public string Text { get; set; } = "";
    }

    [Fact]
    public void Files_and_folders_that_the_readme_names_are_there()
    {
        foreach (Match match in Paths().Matches(Readme))
        {
            Assert.True(Path.Exists(Path.Combine(ChildProcess.Repository, match.Groups[1].Value)), match.Value);
        }
    }

    [Fact]
    public void The_readme_names_the_libtorch_that_the_build_has() => Assert.Contains($"version {TorchNotFoundException.Version("Libtorch")}", Readme, StringComparison.Ordinal);

    [Fact]
    public void The_ci_script_runs_the_readmes_test_command()
    {
        Assert.Contains("\ndotnet test -c Release\n", Readme, StringComparison.Ordinal);
        Assert.Contains("\ndotnet test -c Release ", File.ReadAllText(Path.Combine(ChildProcess.Repository, ".ci/run")), StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:`| )((?:src|experiments|tests|datasets)/[A-Za-z0-9./-]+[A-Za-z0-9])")]
    private static partial Regex Paths();
}
