using MlNetDl.Tests.Docs;

namespace MlNetDl.Packaging.Tests;

/// <summary>The search's package by itself, in the hands of a user who trains nothing.</summary>
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

        string[] heavy = ["TorchSharp", "Microsoft.ML", "onnxruntime", "Google.Protobuf", "SkiaSharp", "MlNetDl.dll"];
        var libraries = Directory.EnumerateFiles(Path.Combine(searcher, "bin"), "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName).ToList();
        Assert.Contains("MlNetDl.Search.dll", libraries);
        Assert.DoesNotContain(libraries, l => heavy.Any(h => l!.Contains(h, StringComparison.OrdinalIgnoreCase)));
    }
}
