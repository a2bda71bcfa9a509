using System.Text.RegularExpressions;

namespace MlNetDl.Tests.Architecture;

/// <summary>Who may use whom, read from the <c>using</c>s.</summary>
public sealed partial class LayeringTests
{
    /// <summary>For each folder of the library, the folders whose namespaces it may use; everyone may use its own sub-folders and Files.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Files"] = [],
        ["Naming"] = [],
        ["Images"] = [],
        ["Layers/Contracts"] = [],
        ["Layers"] = ["Layers/Contracts"],
        ["Metrics"] = ["Layers/Contracts"],
        ["Analysis"] = ["Layers", "Layers/Contracts", "Naming"],
        ["Torch"] = ["Layers", "Layers/Contracts", "Analysis"],
        ["Data"] = ["Layers/Contracts", "Images"],
        ["Training/Losses"] = ["Layers/Contracts", "Metrics"],
        ["Tasks"] = ["Layers", "Layers/Contracts", "Analysis", "Data", "Metrics", "Training/Losses"],
        ["Training"] = ["Layers", "Layers/Contracts", "Analysis", "Torch", "Data", "Metrics", "Tasks", "Training/Losses", "Naming", "Onnx"],
        ["Networks"] = ["Layers", "Layers/Contracts", "Analysis", "Tasks", "Training"],
        ["Onnx"] = ["Layers", "Layers/Contracts", "Analysis", "Images"],
        ["Configuration"] = ["Layers", "Layers/Contracts", "Metrics", "Networks", "Tasks", "Training", "Training/Losses", "Naming"],
        ["Models"] = ["Files", "Naming", "Layers/Contracts", "Analysis", "Networks", "Tasks", "Onnx", "Configuration", "Images"],
        ["Recipes"] = ["Layers", "Layers/Contracts", "Analysis", "Networks", "Tasks", "Torch", "Data", "Onnx", "Training", "Configuration", "Images", "Metrics", "Models"],
        ["MlNet"] = ["Layers", "Layers/Contracts", "Analysis", "Networks", "Tasks", "Torch", "Data", "Onnx", "Training", "Configuration", "Images", "Metrics", "Models", "Recipes"],
    };

    /// <summary>Sub-folders that stand below their parent in the order.</summary>
    private static readonly string[] Apart = ["Layers/Contracts", "Training/Losses"];

    private static string Source => Path.Combine(ChildProcess.Repository, "src");

    private static IEnumerable<(string Folder, string Path, string Text)> Files => Directory.EnumerateFiles(Path.Combine(Source, "MlNetDl"), "*.cs", SearchOption.AllDirectories)
        .Select(path => (Relative: Path.GetRelativePath(Path.Combine(Source, "MlNetDl"), path).Replace('\\', '/'), path)).Where(f => !f.Relative.StartsWith("obj/", StringComparison.Ordinal) && !f.Relative.StartsWith("bin/", StringComparison.Ordinal))
        .Select(f => (FolderOf(f.Relative), f.Relative, File.ReadAllText(f.path)));

    [Fact]
    public void Folders_use_only_those_below_them()
    {
        var wrong = new List<string>();
        foreach (var (folder, path, text) in Files.Where(f => MayUse.ContainsKey(f.Folder)))
        {
            foreach (Match match in Using().Matches(text))
            {
                var used = FolderOf(match.Groups[1].Value.Replace('.', '/') + "/x");
                if (used != folder && used != "Files" && !MayUse[folder].Contains(used))
                {
                    wrong.Add($"{path} uses {match.Groups[1].Value}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_folder_has_its_place_in_the_order() =>
        Assert.Empty(Files.Where(f => f.Path.Contains('/', StringComparison.Ordinal)).Select(f => f.Folder).Distinct().Except(MayUse.Keys).Except(["buildTransitive"]));

    [Fact]
    public void Onnx_configuration_of_scoring_and_images_never_name_TorchSharp() =>
        Assert.Empty(Files.Where(f => f.Folder is "Onnx" or "Images" or "Files" && f.Text.Contains("TorchSharp;", StringComparison.Ordinal)).Select(f => f.Path));

    [Fact]
    public void Metrics_need_no_other_library() => Assert.Empty(Files
        .Where(f => f.Folder == "Metrics" && (f.Text.Contains("using TorchSharp", StringComparison.Ordinal) || f.Text.Contains("using Microsoft", StringComparison.Ordinal)))
        .Select(f => f.Path));

    [Fact]
    public void The_tool_and_the_experiments_use_the_public_surface_only()
    {
        var project = File.ReadAllText(Path.Combine(Source, "MlNetDl", "MlNetDl.csproj"));
        Assert.DoesNotContain("InternalsVisibleTo Include=\"MlNetDl.Experiments", project, StringComparison.Ordinal);
        Assert.DoesNotContain("InternalsVisibleTo Include=\"mldl", project, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_stay_small()
    {
        var long300 = Files.Where(f => f.Text.Count(c => c == '\n') > 300).Select(f => f.Path);
        Assert.Empty(long300);
    }

    private static string FolderOf(string path) => Apart.FirstOrDefault(f => path.StartsWith($"{f}/", StringComparison.Ordinal)) ?? path.Split('/')[0];

    [GeneratedRegex(@"^using (?:static )?MlNetDl\.([A-Za-z.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
