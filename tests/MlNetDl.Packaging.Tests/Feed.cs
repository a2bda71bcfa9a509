using System.Xml.Linq;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace MlNetDl.Packaging.Tests;

/// <summary>The packages of this source tree, packed into a folder of their own under a version that no
/// cache has seen.</summary>
/// <remarks>What is built for it lies there too, so that other tests' output folders stay as they are.</remarks>
public sealed class Feed : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public Feed()
    {
        Version = $"0.1.0-test.{Guid.NewGuid():N}";
        File.WriteAllText(
            folder["nuget.config"],
            "<configuration><packageSources><add key=\"built\" value=\"feed\" /></packageSources></configuration>");
        Pack("src/MlNetDl.Cli", $"-p:ToolSystems={System}");
        foreach (var library in Libraries)
        {
            // Those that the tool stands on are built by now.
            Pack($"src/{library}");
        }
    }

    /// <summary>The names of the projects whose packages are libraries.</summary>
    public static IReadOnlyList<string> Libraries { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(ChildProcess.Repository, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(p => Says(p, "IsPackable") && !Says(p, "PackAsTool"))
            .Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal),
    ];

    /// <summary>The version of the packages.</summary>
    public string Version { get; }

    /// <summary>The folder that holds the packages.</summary>
    public string Packages => folder["feed"];

    /// <summary>The system that the tool is packed for.</summary>
    public static string System => OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";

    /// <summary>A path in a folder in which NuGet knows the packages.</summary>
    public string this[string name] => folder[name];

    /// <summary>Copies a user's project beside the packages.</summary>
    public string Consumer(string name) =>
        folder.Copy(Path.Combine(ChildProcess.Repository, "tests/MlNetDl.Packaging.Tests/consumers", name), name);

    /// <summary>Where a user's commands run.</summary>
    internal Shell Shell => new(
        folder.Path,
        ("MlNetDlVersion", Version),
        ("LibtorchPackage", $"libtorch-cpu-{System}"),
        ("LibtorchVersion", LibtorchVersion),
        ("NuGetAudit", "false"),
        // libtorch is half a gigabyte.
        ("CreateHardLinksForCopyLocalIfPossible", "true"),
        ("CreateHardLinksForPublishFilesIfPossible", "true"),
        ("MLNETDL_DATASETS", Path.Combine(ChildProcess.Repository, "datasets")));

    /// <inheritdoc/>
    public void Dispose()
    {
        // The user's restore has put this version into the cache, where nobody will ask for it again.
        const string Label = "global-packages:";
        var cache = Shell.Dotnet("nuget", "locals", "global-packages", "--list")
            .Split('\n')
            .Single(l => l.Contains(Label, StringComparison.Ordinal))
            .Split(Label)[1].Trim();
        foreach (var package in Directory.EnumerateDirectories(cache, "mlnetdl*"))
        {
            var version = Path.Combine(package, Version);
            if (Directory.Exists(version))
            {
                Directory.Delete(version, recursive: true);
            }

            if (!Directory.EnumerateFileSystemEntries(package).Any())
            {
                Directory.Delete(package);
            }
        }

        folder.Dispose();
    }

    private void Pack(string project, params string[] options) => Shell.Dotnet(
    [
        "pack", Path.Combine(ChildProcess.Repository, project), .. options, "-c", "Release", $"-p:Version={Version}",
        "-p:RunAnalyzers=false", "--artifacts-path", folder["built"], "--output", Packages,
    ]);

    private static bool Says(string project, string property) => XDocument.Load(project).Descendants(property).Any(p => p.Value == "true");

    private static string LibtorchVersion =>
        XDocument.Load(Path.Combine(ChildProcess.Repository, "Directory.Packages.props"))
            .Descendants("LibtorchVersion").Single().Value;
}

/// <summary>The packages are made once for all tests.</summary>
[CollectionDefinition("feed")]
public sealed class FeedCollection : ICollectionFixture<Feed>;
