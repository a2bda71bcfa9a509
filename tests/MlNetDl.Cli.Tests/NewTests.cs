using System.Text.RegularExpressions;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Tests.Docs;

namespace MlNetDl.Cli.Tests;

/// <summary><c>mldl new</c>: what it prints runs as it stands, and shows what there is.</summary>
public sealed class NewTests : IDisposable
{
    // The keys of a kind of images that another kind does not have.
    private const string OfDatasets = "dataset|size|take|only|without", OfCodes = "codes|of", OfFolders = $"folder|{OfImages}",
        OfLists = $"imageList|pathColumn|label|split|header|separator|decimal|encoding|{OfImages}",
        OfImages = "image|testFraction|badFiles|memoryBudgetMB|positive";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("multiclass", "logLoss")]
    [InlineData("binary", "auc")]
    [InlineData("regression", "r2")]
    [InlineData("text", "auc")]
    [InlineData("multilabel", "microF1")]
    public void Templates_of_tables_can_be_inspected_and_run(string kind, string figure)
    {
        var yaml = Write(kind, Tool.Run("new", kind).Output);
        Assert.True((long)Tool.Json("inspect", yaml)["parameters"]! > 0);
        // Of 17,450 surnames a few will do.
        var result = Tool.Json("run", yaml, "--output", folder["run"], "training.epochs=1", $"data.testFraction={(kind == "multilabel" ? 0.95 : 0.2)}");
        Assert.Equal($"my-{kind}", (string?)result["name"]);
        Assert.True(double.IsFinite((double)result["metrics"]!["test"]![figure]!));
    }

    [Theory]
    [InlineData("images")]
    [InlineData("custom")]
    public void Templates_of_images_can_be_inspected_and_run_on_a_folder(string kind)
    {
        Assert.Equal("[N, 1, 28, 28]", (string?)Tool.Json("inspect", Write(kind, Tool.Run("new", kind).Output))["input"]);
        foreach (var name in new[] { "0/a", "0/b", "1/a", "1/b" })
        {
            Directory.CreateDirectory(folder[$"photos/{name[0]}"]);
            using var bitmap = new SkiaSharp.SKBitmap(40, 30);
            using var file = File.Create(folder[$"photos/{name}.png"]);
            bitmap.Encode(file, SkiaSharp.SKEncodedImageFormat.Png, 100);
        }

        var text = Without($"{OfDatasets}|{OfCodes}|validation|positive|{OfLists.Replace($"|{OfImages}", "", StringComparison.Ordinal)}",
            Uncommented(Tool.Run("new", kind).Output))
            .Replace("folder: photos", $"folder: '{folder["photos"]}'", StringComparison.Ordinal)
            .Replace("testFraction: 0.2", "testFraction: 0.5", StringComparison.Ordinal)
            .Replace("out: 10 }", "out: 2 }", StringComparison.Ordinal);
        var yaml = Write(kind, text.Replace("validationFraction: 0.1", "validationFraction: 0", StringComparison.Ordinal));
        Assert.Equal("[N, 3, 64, 64]", (string?)Tool.Json("inspect", yaml)["input"]);
        Assert.NotNull(Tool.Json("run", yaml, "--output", folder["run"], "training.epochs=1", "seeds=[]")["metrics"]);
    }

    [Fact]
    public void Every_key_of_data_is_in_a_template_and_every_comment_that_is_a_key_can_be_taken_in()
    {
        var keys = new HashSet<string>();
        foreach (var kind in new[] { "multiclass", "binary", "multilabel", "regression", "text", "images", "custom" })
        {
            var text = Uncommented(Tool.Run("new", kind).Output);
            var data = Regex.Match(text, "\ndata:\n(.*?)\n\n", RegexOptions.Singleline).Groups[1].Value;
            keys.UnionWith(Regex.Matches(data, "^  ([a-zA-Z]+):", RegexOptions.Multiline).Select(m => m.Groups[1].Value));
            var isTable = text.Contains("csv:", StringComparison.Ordinal);
            var lists = OfLists.Replace($"|{OfImages}", "", StringComparison.Ordinal);
            string[] choices = kind == "multilabel" ? ["labels", "label|labelSeparator"] : isTable ? ["none"]
                : [$"{OfDatasets}|{OfCodes}|{lists}", $"{OfDatasets}|{OfCodes}|folder", $"{OfFolders}|{OfLists}|{OfCodes}|without",
                $"{OfDatasets}|{OfFolders}|{OfLists}"];
            foreach (var others in choices)
            {
                // The class that means yes needs a task of yes and no.
                var task = isTable ? text : text.Replace("task: multiclass", "task: binary", StringComparison.Ordinal);
                var experiment = Experiment.Load(Write(kind, Without(others, task)));
                Assert.Equal(5, experiment.Training.EarlyStopping!.Patience);
                Assert.Equal([1, 2, 3], experiment.Seeds);
            }
        }

        var possible = DataSources.All.Entries.SelectMany(ComponentKey.Of).Select(k => k.Name).Where(n => !n.Contains('.')).Distinct();
        Assert.Equal(possible.Order(StringComparer.Ordinal), keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_network_of_the_readme_runs_as_it_is_written()
    {
        var yaml = Write("readme", ReadmeCode.Blocks("yaml")[0]);
        Assert.True((long)Tool.Json("inspect", yaml)["parameters"]! > 0);
        Assert.InRange(
            (double)Tool.Json("run", yaml, "--output", folder["run"], "training.epochs=1", "training.threads=1")
                ["metrics"]!["test"]!["accuracy"]!,
            0.9,
            1);
    }

    // A comment that is a key begins with a small letter; one in words with a capital.
    private static string Uncommented(string yaml) => Regex.Replace(yaml, "^( *)# ([a-z][a-zA-Z]*: )", "$1$2", RegexOptions.Multiline);

    private static string Without(string keys, string yaml) => Regex.Replace(yaml, $"^  ({keys}):.*\n", "", RegexOptions.Multiline);

    private string Write(string name, string yaml)
    {
        File.WriteAllText(
            folder[$"{name}.yaml"],
            yaml.Replace("datasets/", $"{ChildProcess.Repository}/datasets/", StringComparison.Ordinal));
        return folder[$"{name}.yaml"];
    }
}
