using System.IO.Compression;

namespace MlNetDl.Packaging.Tests;

/// <summary>The package in an application that references another ONNX Runtime, as one for a GPU is: the one for the CPU does not win.</summary>
[Collection("feed")]
public sealed class OwnRuntimeTests(Feed feed)
{
    private const string Word = "the application's own";

    private static string Library => OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";

    [Fact]
    public void The_applications_own_runtime_is_built_and_published()
    {
        Pack();
        var consumer = feed.Consumer("OwnRuntime");
        feed.Shell.Dotnet("build", consumer, "-c", "Release");
        Assert.Equal(Word, File.ReadAllText(Assert.Single(
            Directory.EnumerateFiles(Path.Combine(consumer, "bin", "Release", "net10.0", "runtimes", Feed.System), Library, SearchOption.AllDirectories))));
        feed.Shell.Dotnet("publish", consumer, "-c", "Release", "-r", Feed.System, "--self-contained", "false", "-o", feed["ownruntime"]);
        Assert.Equal(Word, File.ReadAllText(feed[Path.Combine("ownruntime", Library)]));
        Assert.Empty(Directory.EnumerateFiles(feed["ownruntime"], "*onnxruntime_providers_shared*"));
    }

    private void Pack()
    {
        // Named so that the feed takes it out of NuGet's cache again.
        using var package = ZipFile.Open(Path.Combine(feed.Packages, $"MlNetDl.OwnOnnxRuntime.{feed.Version}.nupkg"), ZipArchiveMode.Create);
        Write("MlNetDl.OwnOnnxRuntime.nuspec", $"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
              <id>MlNetDl.OwnOnnxRuntime</id><version>{feed.Version}</version>
            <authors>a host</authors><description>Another runtime.</description></metadata></package>
            """);
        Write($"runtimes/{Feed.System}/native/{Library}", Word);

        void Write(string name, string text)
        {
            using var writer = new StreamWriter(package.CreateEntry(name).Open());
            writer.Write(text);
        }
    }
}
