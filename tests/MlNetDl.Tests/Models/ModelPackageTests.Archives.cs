using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MlNetDl.Files;
using MlNetDl.Models;
using MlNetDl.Onnx;
using MlNetDl.Tasks;
using MlNetDl.Tests.Onnx;

namespace MlNetDl.Tests.Models;

/// <content>Files of earlier versions.</content>
public sealed partial class ModelPackageTests
{
    /// <summary>Kept for ever: what format 1 looked like. Written by <see cref="Nets.Package"/> of the version
    /// that introduced it.</summary>
    [Fact]
    public void The_archive_of_format_1_loads_and_scores_as_recorded()
    {
        var package = ModelPackage.Read(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Onnx", "archives", "package-v1.bin")));
        Assert.Equal((1, 3, "cat"), (package.Manifest.Format, package.Manifest.Outputs, package.Manifest.ClassNames[0]));
        Assert.Equal(3 * 5 + 3, package.TrainingWeights.Sum(w => w.Data.Length));
        using var scorer = new OnnxScorer(package.Graphs[ModelPackage.MainGraph], "input", [4], [("output", 3)], new() { Threads = 1 });
        var scores = new float[3];
        scorer.Run([0.5f, -1, 2, 0.25f], 1, scores);
        Assert.Equal(RecordedScores, scores, (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    // Computed by hand (two affine maps, double precision) from the same weights, not by the code under test.
    private static readonly float[] RecordedScores = [0.5650788f, -1.0818949f, -0.0580908f];

    /// <summary>Kept for ever: what format 2 looked like: two graphs that share weights, a label, an asset, a weight
    /// that only training needs.</summary>
    [Fact]
    public void The_archive_of_format_2_loads_and_scores_as_recorded()
    {
        var package = ModelPackage.Read(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Onnx", "archives", "package-v2.bin")));
        var manifest = package.Manifest;
        Assert.Equal(
            (2, new MulticlassClassification(), "Kind", "cat, dog, eel"),
            (manifest.Format, manifest.Task, manifest.LabelColumn, string.Join(", ", manifest.ClassNames)));
        Assert.Equal(
            ("features", "encode", "network", "Code"),
            (
                manifest.Graphs[1].Name,
                manifest.Graphs[1].Role,
                manifest.Graphs[1].WeightsOf,
                manifest.Graphs[1].Outputs[0].Column));
        Assert.Equal([1, 2, 3], package.Assets["words"]);
        Assert.Equal(14 / 8f, package.ReadWeights()["head.weight"].Data[^1]);
        Assert.Equal([-0.1307251f, 3.1371391f, -4.9456510f], Scores("model", 3), (a, b) => Math.Abs(a - b) < 1e-5f);
        Assert.Equal([0.8439058f, 0.8053684f, -2.2567224f], Scores("features", 64)[..3], (a, b) => Math.Abs(a - b) < 1e-5f);

        float[] Scores(string graph, int width)
        {
            using var scorer = new OnnxScorer(package.Graphs[graph], "input", [4], [("output", width)], new() { Threads = 1 });
            var scores = new float[width];
            scorer.Run([0.5f, -1, 2, 0.25f], 1, scores);
            return scores;
        }
    }

    /// <summary>Kept for ever: what formats 3 (pruned weights) and 4 (codebooks and Huffman codes) looked like. Weights follow a
    /// rule, so the scores are computed here by hand.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void The_archives_of_formats_3_and_4_load_and_score_by_their_rule(int format)
    {
        var package = ModelPackage.Read(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Onnx", "archives", $"package-v{format}.bin")));
        Assert.Equal(format, package.Manifest.Format);
        Assert.Equal(format == 4 ? ["a.weight"] : null, package.Manifest.Clustered?.ToArray());
        float[] weights = RuleOf(format);
        Assert.Equal(weights, package.ReadWeights()["a.weight"].Data);
        using var scorer = new OnnxScorer(package.Graphs["model"], "input", [8], [("output", 16)], new() { Threads = 1 });
        var scores = new float[16];
        float[] row = [0.5f, -1, 2, 0.25f, -0.125f, 3, 1, -2];
        scorer.Run(row, 1, scores);
        Assert.All(scores.Index(), s => Assert.Equal((s.Index / 8.0) + row.Select((x, i) => (double)x * weights[(s.Index * 8) + i]).Sum(), s.Item, 1e-5));
        Assert.Equal(format, ModelPackage.Read(package.ToBytes()).Manifest.Format);
    }

    private static float[] RuleOf(int format) => [.. Enumerable.Range(0, 128).Select(i => format == 3
        ? (i % 3 == 0 ? (i - 60) / 64f : 0)
        : (i % 7 == 0 ? 0.5f : i % 5 == 0 ? -0.25f : 0))];
}
