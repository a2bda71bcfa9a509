namespace MlNetDl.Tests.Architecture;

/// <summary>What folders may not name. The order of the folders is kept by <c>FolderOrderTests</c>.</summary>
public sealed class LayeringTests
{
    private static string Source => Path.Combine(ChildProcess.Repository, "src");

    private static IEnumerable<(string Folder, string Path, string Text)> Files =>
        Directory.EnumerateFiles(Path.Combine(Source, "MlNetDl"), "*.cs", SearchOption.AllDirectories)
            .Select(path => (
                Relative: Path.GetRelativePath(Path.Combine(Source, "MlNetDl"), path).Replace('\\', '/'), path))
            .Where(f => !f.Relative.StartsWith("obj/", StringComparison.Ordinal)
                && !f.Relative.StartsWith("bin/", StringComparison.Ordinal))
            .Select(f => (FolderOf(f.Relative), f.Relative, File.ReadAllText(f.path)));

    [Fact]
    public void Onnx_configuration_of_scoring_and_images_never_name_TorchSharp() =>
        Assert.Empty(Files.Where(f => f.Folder is "Onnx" or "Images" or "Files"
            && f.Text.Contains("TorchSharp;", StringComparison.Ordinal)).Select(f => f.Path));

    [Fact]
    public void Metrics_need_no_other_library() => Assert.Empty(Files.Where(f => f.Folder == "Metrics"
        && (f.Text.Contains("using TorchSharp", StringComparison.Ordinal)
            || f.Text.Contains("using Microsoft", StringComparison.Ordinal))).Select(f => f.Path));

    [Fact]
    public void The_tool_and_the_experiments_use_the_public_surface_only()
    {
        var project = File.ReadAllText(Path.Combine(Source, "MlNetDl", "MlNetDl.csproj"));
        Assert.DoesNotContain("InternalsVisibleTo Include=\"MlNetDl.Experiments", project, StringComparison.Ordinal);
        Assert.DoesNotContain("InternalsVisibleTo Include=\"MlNetDl.Commands", project, StringComparison.Ordinal);
        Assert.DoesNotContain("InternalsVisibleTo Include=\"mldl", project, StringComparison.Ordinal);
    }

    private static string FolderOf(string path) => path.Split('/')[0];
}
