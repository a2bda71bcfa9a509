using MlNetDl.Tests.Docs;

namespace MlNetDl.Packaging.Tests;

/// <summary>The packages of the search by themselves, in the hands of users who train nothing.</summary>
[Collection("feed")]
public sealed class SearchPackageTests(Feed feed)
{
    [Fact]
    public void The_readmes_search_runs_and_brings_no_library_of_machine_learning()
    {
        var searcher = feed.Consumer("Searcher");
        File.WriteAllText(Path.Combine(searcher, "ReadmeSearch.cs"), ReadmeCode.Example("tests/MlNetDl.Search.Tests/Docs/ReadmeSearch.cs"));
        var output = feed.Shell.Dotnet("run", "-c", "Release", "--project", searcher, "--", searcher);
        Assert.EndsWith("found\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(searcher, "study.html")));
        NeedsNoLibraryOfMachineLearning(searcher, "MlNetDl.Search.dll");
    }

    [Fact]
    public void An_author_of_a_sampler_runs_the_contracts_without_a_library_of_machine_learning()
    {
        var author = feed.Consumer("SearchContracts");
        var output = feed.Shell.Dotnet("run", "-c", "Release", "--project", author).ReplaceLineEndings("\n");
        Assert.Matches("^[4-9][0-9] facts hold\n", output);
        Assert.Contains(
            "Forgetful { Seed = 1 } breaks 'A reopened study proposes what it would have proposed': ",
            output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("breaks 'Every proposal lies within its distribution and on its grid'", output, StringComparison.Ordinal);
        NeedsNoLibraryOfMachineLearning(author, "MlNetDl.Search.Testing.dll");
    }

    private static void NeedsNoLibraryOfMachineLearning(string project, string package)
    {
        string[] heavy = ["TorchSharp", "Microsoft.ML", "onnxruntime", "Google.Protobuf", "SkiaSharp", "MlNetDl.dll"];
        var libraries = Directory.EnumerateFiles(Path.Combine(project, "bin"), "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName).ToList();
        Assert.Contains(package, libraries);
        Assert.DoesNotContain(libraries, l => heavy.Any(h => l!.Contains(h, StringComparison.OrdinalIgnoreCase)));
    }
}
