using System.Reflection;
using System.Text.RegularExpressions;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Search;
using MlNetDl.Testing;

namespace MlNetDl.Cli.Tests.Architecture;

/// <summary>Which folder may use which: all arrows go down. Read from what was compiled.</summary>
public sealed partial class FolderOrderTests
{
    /// <summary>The folders of each project, lowest first: a type uses types of its own folder and of
    /// those before it.</summary>
    private static readonly (Assembly Assembly, string[] Folders)[] Order =
    [
        (typeof(CatalogRegistry).Assembly, ["", "Naming", "Files", "Metrics", "Configuration"]),
        (
            typeof(Study).Assembly,
            [
                "Distributions", "Spaces", "Trials", "Ranking", "Statistics", "Samplers/Contracts", "Samplers",
                "Samplers/Grid", "Samplers/CmaEs", "Samplers/QuasiRandom", "Samplers/GaussianProcess", "Samplers/Nsga2",
                "Samplers/Tpe", "Samplers/PopulationBased", "Pruners", "Storage/Sql", "Storage", "Engine", "Analysis", "Analysis/Plots", "Analysis/Report",
            ]),
        (typeof(ContractFact).Assembly, ["", "Configuration", "Storage", "Samplers", "Pruners"]),
        (typeof(Catalogs).Assembly,
        [
            "Files", "Images", "Layers/Contracts", "Layers", "Metrics", "Analysis", "Torch", "Data",
            "Training/Losses", "Training/Optimizers", "Training/Schedules", "Training/Augmentation",
            "Tasks", "Onnx/Schema", "Onnx", "Training", "Networks", "Models", "Decomposition", "Clustering", "Generative",
            "Compression/Pruning", "Compression/Channels", "Compression/Folding", "Compression/LowRank", "Compression/Clustering",
            "Compression/Distillation", "Compression/Sensitivity", "Compression/Exits", "Compression/Gates", "Compression/Quantization",
            "Compression/Ledger",
            "Configuration", "Recipes", "MlNet/Internals", "MlNet",
        ]),
        (
            typeof(LayerContract).Assembly,
            ["Torch", "Layers", "Networks", "Losses", "Metrics", "Optimizers", "Schedules", "Augmentation", "Tasks"]),
        (
            typeof(Experiment).Assembly,
            [
                "Folders", "Search", "Tables", "Scores", "Disentanglement", "Data", "Starters", "Models", "Compression", "Generation", "Judges",
                "Runs", "Sweeps",
            ]),
        (typeof(Application).Assembly, ["Views", "Commands", ""]),
    ];

    /// <summary>Arrows that go up, and why.</summary>
    private static readonly HashSet<string> Excused =
    [
        // ML.NET makes a transformer of a file by calling a method that returns one, and only this folder may
        // name ML.NET's internals.
        "MlNet/Internals -> MlNet: TransformerStorage uses NeuralNetworkTransformer",
    ];

    public static TheoryData<string> Projects => [.. Order.Where(o => o.Folders.Length > 0).Select(o => o.Assembly.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Arrows_between_folders_go_down(string project)
    {
        var (assembly, folders) = Order.Single(o => o.Assembly.GetName().Name == project);
        var folderOf = Declared(project);
        Assert.Empty(folderOf.Values.Distinct().Except(folders));
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in assembly.GetTypes().Where(t => folderOf.ContainsKey(NameOf(TypeUses.Outermost(t)))))
        {
            var from = folderOf[NameOf(TypeUses.Outermost(type))];
            foreach (var used in TypeUses.Of(type).Where(u => u.Assembly == assembly))
            {
                if (folderOf.TryGetValue(NameOf(used), out var to) && Array.IndexOf(folders, to) > Array.IndexOf(folders, from))
                {
                    wrong.Add($"{from} -> {to}: {TypeUses.Outermost(type).Name} uses {used.Name}");
                }
            }
        }

        wrong.ExceptWith(Excused);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Projects_refer_only_to_those_below_them()
    {
        for (int i = 0; i < Order.Length; i++)
        {
            var above = Order.Skip(i + 1).Select(o => o.Assembly.GetName().Name);
            Assert.Empty(Order[i].Assembly.GetReferencedAssemblies().Select(a => a.Name).Intersect(above));
        }
    }

    [Fact]
    public void Search_needs_no_library_of_machine_learning()
    {
        string[] heavy = ["TorchSharp", "Microsoft.ML", "Microsoft.ML.OnnxRuntime", "Google.Protobuf", "SkiaSharp", "MlNetDl"];
        foreach (var assembly in new[] { typeof(Study).Assembly, typeof(CatalogRegistry).Assembly, typeof(ContractFact).Assembly })
        {
            var named = assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();
            Assert.DoesNotContain(named, name =>
                heavy.Any(h => name == h || (h != "MlNetDl" && name.StartsWith($"{h}.", StringComparison.Ordinal))));
        }
    }

    private static string NameOf(Type type) => $"{type.Namespace}.{type.Name}";

    /// <summary>The folders of all types, from the sources.</summary>
    private static Dictionary<string, string> Declared(string project)
    {
        var root = Path.Combine(ChildProcess.Repository, "src", project);
        var folders = new Dictionary<string, string>();
        foreach (var path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(root, path).Replace('\\', '/');
            if (relative.StartsWith("obj/", StringComparison.Ordinal) || relative.StartsWith("bin/", StringComparison.Ordinal))
            {
                continue;
            }

            var text = File.ReadAllText(path);
            var space = Namespace().Match(text).Groups[1].Value;
            foreach (Match match in Declaration().Matches(text))
            {
                int parameters = match.Groups[2].Success ? match.Groups[2].Value.Count(c => c == ',') + 1 : 0;
                folders[$"{space}.{match.Groups[1].Value}{(parameters > 0 ? $"`{parameters}" : "")}"] =
                    Path.GetDirectoryName(relative)!.Replace('\\', '/');
            }
        }

        return folders;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(
        @"^(?:public |internal )(?:static |sealed |abstract |partial |readonly |ref |unsafe )*"
            + @"(?:class|record struct|record class|record|struct|interface|enum|delegate [\w<>\[\]?,. ]+?) "
            + @"(\w+)(?:<([^>]+)>)?",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
