using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Tests.Images;
using MlNetDl.Torch;

namespace MlNetDl.Tests.Docs;

[Collection("torch")]
public sealed partial class ReadmeTests
{
    private static string Readme => ReadmeCode.Text;

    [Fact]
    public void The_example_is_the_code_that_runs()
    {
        // The test's paths are parameters; the README's are what a reader has.
        var lines = ReadmeCode.Example("tests/MlNetDl.Tests/Docs/ReadmeExample.cs").Split('\n').Select(l => l.Length > 8 ? l[8..] : "");
        var code = string.Join('\n', lines)
            .Replace("$\"{datasets}/", "\"datasets/", StringComparison.Ordinal)
            .Replace(", path)", ", \"model.zip\")", StringComparison.Ordinal);
        var block = ReadmeCode.Blocks("csharp")[0];
        var usings = block[..block.IndexOf("\n\n", StringComparison.Ordinal)];
        Assert.Equal($"{usings}\n\n{code}", block);
        Assert.StartsWith($"{usings}\n\nnamespace", ReadmeCode.Read("tests/MlNetDl.Tests/Docs/ReadmeExample.cs"), StringComparison.Ordinal);
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
        var reviews = Enumerable.Range(0, 200)
            .Select(i => new Review { Label = i % 2 == 0, Text = $"{(i % 2 == 0 ? good : bad)[i % 3]}, number {i}" })
            .ToList();
        var view = ml.Data.LoadFromEnumerable(reviews);
        using var model = (IDisposable)ReadmeTokens.Train(ml, view);
        Assert.InRange(ml.BinaryClassification.Evaluate(((ITransformer)model).Transform(view)).Accuracy, 0.95, 1);
    }

    [Fact]
    public void The_example_of_ML_NETs_conventions_is_the_code_that_runs()
    {
        Assert.Contains(ReadmeCode.Example("tests/MlNetDl.Tests/Docs/ReadmeMlNet.cs"), ReadmeCode.Blocks("csharp"));
        var ml = new MLContext(1);
        var rows = Enumerable.Range(0, 120).Select(i => new Random(i)).Select(r =>
        {
            var (weight, light, yes) = (r.NextSingle(), r.Next(2), r.Next(2));
            return new Thing
            {
                Weight = weight,
                Size = r.NextSingle(),
                Photo = light == 1 ? Pictures.GreyJpeg : Pictures.OneBitPng,
                Text = yes == 1 ? "yes" : "no",
                Good = weight > 0.5f,
                Prices = [light + weight, yes + weight],
            };
        }).ToList();
        var (importance, recall, r2) = ReadmeMlNet.Run(ml, ml.Data.LoadFromEnumerable(rows));
        Assert.InRange(importance, -0.7, -0.2);
        Assert.InRange(recall, 0.97, 1);
        Assert.InRange(r2, 0.8, 1);
    }

    [Fact]
    public void The_example_of_compression_is_the_code_that_runs()
    {
        Assert.Contains(ReadmeCode.Example("tests/MlNetDl.Tests/Docs/ReadmeCompression.cs"), ReadmeCode.Blocks("csharp"));
        var ml = new MLContext(1);
        IDataView Points(int count, int seed)
        {
            var random = new Random(seed);
            var points = Enumerable.Range(0, count).Select(_ => new[] { random.NextSingle(), random.NextSingle() })
                .Select(f => new Point { Features = f, Kind = f[0] > f[1] ? "above" : "below" }).ToList();
            return ml.Transforms.Conversion.MapValueToKey("Label", "Kind").Fit(ml.Data.LoadFromEnumerable(points))
                .Transform(ml.Data.LoadFromEnumerable(points));
        }

        var ledger = ReadmeCompression.Run(ml, Points(2000, 1), Points(400, 2));
        Assert.Equal([64, 8, 16, 64], ledger.Rows.Select(r => r.Size.Macs / 4));
        Assert.All(ledger.Rows, r => Assert.InRange(r.Metrics["accuracy"], 0.8, 1));
    }

    [Fact]
    public void The_example_of_clusters_is_the_code_that_runs()
    {
        Assert.Contains(ReadmeCode.Example("tests/MlNetDl.Tests/Docs/ReadmeClustering.cs"), ReadmeCode.Blocks("csharp"));
        var images = Datasets.Find("optdigits")!.Load(false).Take(800);
        var pixels = new float[images.Count * 64];
        images.CopyTo(0, images.Count, pixels);
        var ml = new MLContext(1);
        var (pca, clusters) = ReadmeClustering.Run(ml, ml.Data.LoadFromEnumerable(pixels.Chunk(64)
            .Select((p, i) => new Digits { Features = p, Digit = $"{((long[])images.Targets!)[i]}" })));
        Assert.InRange(pca.ExplainedVarianceRatio.Sum(), 0.85, 0.95);
        Assert.InRange(clusters.Match!.Accuracy, 0.6, clusters.Match.Purity);
    }

    [Fact]
    public void The_example_of_a_variational_autoencoder_is_the_code_that_runs()
    {
        Assert.Contains(ReadmeCode.Example("tests/MlNetDl.Tests/Docs/ReadmeVae.cs"), ReadmeCode.Blocks("csharp"));
        var ml = new MLContext(1);
        IDataView Rows(bool test, int count)
        {
            var images = Datasets.Find("optdigits")!.Load(test).Take(count);
            var pixels = new float[images.Count * 64];
            images.CopyTo(0, images.Count, pixels);
            return ml.Data.LoadFromEnumerable(pixels.Chunk(64).Select(p => new Digits { Features = p }));
        }

        var (made, likelihood) = ReadmeVae.Run(ml, Rows(test: false, 800), Rows(test: true, 100));
        Assert.Equal((16, 64), (made.Count, made[0].Length));
        Assert.InRange(likelihood.NegativeLogLikelihood, 10, 44);
    }

    [Fact]
    public void The_example_of_autoencoders_is_the_code_that_runs()
    {
        Assert.Contains(ReadmeCode.Example("tests/MlNetDl.Tests/Docs/ReadmeAutoencoders.cs"), ReadmeCode.Blocks("csharp"));
        var ml = new MLContext(1);
        var images = Datasets.Find("optdigits")!.Load(false).Take(800);
        var pixels = new float[images.Count * 64];
        images.CopyTo(0, images.Count, pixels);
        var rows = ml.Data.LoadFromEnumerable(pixels.Chunk(64)
            .Select((p, i) => new Digits { Features = p, Digit = images.ClassNames[(int)((long[])images.Targets!)[i]] }));
        var (repaired, sevens) = ReadmeAutoencoders.Run(ml, ml.Transforms.Conversion.MapValueToKey("Digit").Fit(rows).Transform(rows));
        Assert.Equal((8, 64), (sevens.Count, sevens[0].Length));
        Assert.NotNull(repaired.Schema.GetColumnOrNull("Generated"));
    }

    [Fact]
    public void The_example_of_anomalies_is_the_code_that_runs()
    {
        Assert.Contains(ReadmeCode.Example("tests/MlNetDl.Tests/Docs/ReadmeAnomalies.cs"), ReadmeCode.Blocks("csharp"));
        var ml = new MLContext(1);
        IDataView Rows(bool test, bool strange)
        {
            var images = Datasets.Find("optdigits")!.Load(test);
            var pixels = new float[images.Count * 64];
            images.CopyTo(0, images.Count, pixels);
            return ml.Data.LoadFromEnumerable(pixels.Chunk(64).Zip((long[])images.Targets!)
                .Where(r => strange || r.Second != 8).Select(r => new Digits { Features = r.First, IsStrange = r.Second == 8 ? 1 : 0 }));
        }

        var (report, figures) = ReadmeAnomalies.Run(ml, Rows(test: false, strange: false), Rows(test: true, strange: true));
        Assert.InRange(report.Alarms, 1, report.Rows / 20);
        Assert.InRange(figures.AreaUnderRocCurve, 0.6, 1);
    }

    private sealed class Digits
    {
        public float IsStrange { get; set; }

        [VectorType(64)]
        public float[] Features { get; set; } = [];

        public string Digit { get; set; } = "";
    }

    private sealed class Point
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public string Kind { get; set; } = "";
    }

    private sealed class Thing
    {
        public float Weight { get; set; }

        public float Size { get; set; }

        public byte[] Photo { get; set; } = [];

        public string Text { get; set; } = "";

        public bool Good { get; set; }

        [VectorType(2)]
        public float[] Prices { get; set; } = [];
    }

    private sealed class Review
    {
        public bool Label { get; set; }

        public string Text { get; set; } = "";
    }

    [Fact]
    public void Files_and_folders_that_the_pages_name_are_there()
    {
        foreach (Match match in Paths()
            .Matches(ReadmeCode.Pages + ReadmeCode.Read(".github/CONTRIBUTING.md") + ReadmeCode.Read("src/README.md")))
        {
            Assert.True(Path.Exists(Path.Combine(ChildProcess.Repository, match.Groups[1].Value)), match.Value);
        }
    }

    [Fact]
    public void Types_that_the_rooms_of_the_house_name_have_their_file()
    {
        var notes = ReadmeCode.Read("src/README.md");
        var rooms = notes[notes.IndexOf("\n## Rooms\n", StringComparison.Ordinal)..notes.IndexOf(
            "\n# Decisions\n", StringComparison.Ordinal)];
        var files = Directory.EnumerateFiles(Path.Combine(ChildProcess.Repository, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetFileName(f).Split('.')[0]).ToHashSet();
        string[] others = ["MlNetDl", "MLContext", "PublicApi"];
        var named = TypeNames().Matches(rooms).Select(m => m.Groups[1].Value).ToList();
        Assert.InRange(named.Count, 100, int.MaxValue);
        Assert.Empty(named.Except(files).Except(others));
    }

    [Fact]
    public void The_readme_names_the_libtorch_that_the_build_has() =>
        Assert.Contains($"version {TorchNotFoundException.Version("Libtorch")}", Readme, StringComparison.Ordinal);

    [Fact]
    public void The_ci_script_runs_the_readmes_test_command()
    {
        Assert.Contains("\ndotnet test -c Release\n", Readme, StringComparison.Ordinal);
        Assert.Contains(
            "\ndotnet test -c Release ",
            File.ReadAllText(Path.Combine(ChildProcess.Repository, ".ci/run")),
            StringComparison.Ordinal);
    }

    [GeneratedRegex(@"`([A-Z]\w+)[`.]")]
    private static partial Regex TypeNames();

    [GeneratedRegex(@"(?:`| |\()((?:src|experiments|tests|datasets|docs|\.github)/[A-Za-z0-9./-]+[A-Za-z0-9])")]
    private static partial Regex Paths();
}
