using MlNetDl.Models;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlNetDl.Onnx;

namespace MlNetDl.Cli.Tests;

/// <summary><c>mldl inspect MODEL.zip</c>: the network, and how it was trained.</summary>
public sealed class InspectModelTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string model;

    public InspectModelTests() => model = folder["run/model.zip"];

    [Fact]
    public void The_training_of_a_model_is_shown_as_it_was()
    {
        File.WriteAllText(folder["digits.yaml"], Tool.Digits);
        var result = Tool.Json(
            "run",
            folder["digits.yaml"],
            "--output",
            folder["run"],
            "training.validationFraction=0.1",
            "training.epochs=2");
        var report = File.ReadAllLines(folder["run/metrics.jsonl"]).Select(l => JsonNode.Parse(l)!).ToList();

        var json = Tool.Json("inspect", model);
        var training = json["training"]!;
        var summary = ModelFile.Read(model).Manifest.Training!;
        Assert.Equal(
            (2, summary.BestEpoch, false, false),
            (
                (int)training["epochs"]!,
                (int)training["bestEpoch"]!,
                (bool)training["restored"]!,
                (bool)training["stoppedEarly"]!));

        // 3,823 digits, of which every tenth of each class is held out.
        Assert.InRange((long)training["examples"]!, 3823 * 0.9 - 10, 3823 * 0.9 + 10);
        Assert.Equal((double)result["metrics"]!["validation"]!["accuracy"]!, (double)training["validation"]!["accuracy"]!, 9);
        Assert.Equal(summary.Training["loss"], (double)training["training"]!["loss"]!, 12);
        Assert.Equal(
            (64, 2, 0.005),
            (
                (int)training["options"]!["batchSize"]!,
                (int)training["options"]!["epochs"]!,
                (double)training["options"]!["optimizer"]!["learningRate"]!));
        Assert.Equal(2, report.Count);

        var lines = Lines();
        int trained = Array.IndexOf(
            lines, $"trained: 2 epochs on {(long)training["examples"]!:N0} examples; best epoch {summary.BestEpoch}");
        Assert.StartsWith("training: loss ", lines[trained + 1], StringComparison.Ordinal);
        Assert.StartsWith("validation: loss ", lines[trained + 2], StringComparison.Ordinal);
        Assert.Contains(
            $"accuracy {Figures.Number("accuracy", summary.Validation["accuracy"])}",
            lines[trained + 2],
            StringComparison.Ordinal);
        var settings = lines[(trained + 3)..].Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(w => w.Length == 2)
            .ToDictionary(w => w[0], w => w[1]);
        Assert.Equal(
            ("64", "2", "adam", "0.005", "false"),
            (
                settings["batchSize"],
                settings["epochs"],
                settings["optimizer.type"],
                settings["optimizer.learningRate"],
                settings["restoreBestWeights"]));
        Assert.DoesNotContain("{", string.Join('\n', lines), StringComparison.Ordinal);
        Assert.Contains("2,410", string.Join('\n', lines), StringComparison.Ordinal);
        AssertWithout(summary);
    }

    [Fact]
    public void A_model_of_tables_shows_its_columns_and_classes()
    {
        File.WriteAllText(folder["t.csv"], "a,colour,day,kind\n"
            + string.Concat(
                Enumerable.Range(0, 60).Select(i => $"{i % 7},{(i % 2 == 0 ? "red" : "blue")},mon,{"xy"[i % 2]}\n")));
        File.WriteAllText(folder["a.yaml"], $"{{ name: a, data: {{ csv: '{folder["t.csv"]}', label: kind }}, network: "
            + "mlp, training: { epochs: 1 } }");
        Tool.Json("run", folder["a.yaml"], "--output", folder["run"]);
        var json = Tool.Json("inspect", model);
        Assert.Equal("multiclass", (string?)json["task"]);
        Assert.Equal(["x", "y"], json["classes"]!.AsArray().Select(c => (string)c!).Order());
        Assert.Equal(
            [("a", "numbers", null), ("colour", "words", 2), ("day", "words", 1)],
            json["columns"]!.AsArray().Select(c => ((string)c!["name"]!, (string)c["kind"]!, (int?)c["categories"])));
        var lines = Lines().Select(l => Regex.Replace(l, " +", " ")).ToList();
        Assert.Contains(lines, l => l is "classes: x, y" or "classes: y, x");
        Assert.Equal(
            ["a numbers", "colour words, 2 categories", "day words, 1 category"],
            lines.Skip(lines.IndexOf("column what it holds") + 2).Take(3));

        // A chain that ML.NET cannot load still shows its network.
        Rewrite(null);
        var (code, output, error) = Tool.Run("inspect", model);
        Assert.Equal(0, code);
        Assert.Contains("hidden1", output, StringComparison.Ordinal);
        Assert.StartsWith($"mldl: warning: the columns of '{model}' cannot be shown", error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    // What else a summary can be: stopped early, with a figure that is no number, without validation, or
    // not there at all.
    private void AssertWithout(TrainingSummary summary)
    {
        Rewrite(summary with
        {
            StoppedEarly = true,
            Restored = true,
            BestEpoch = 1,
            Validation = new Dictionary<string, double> { ["auc"] = double.NaN },
        });
        Assert.Equal("NaN", (string?)Tool.Json("inspect", model)["training"]!["validation"]!["auc"]);
        Assert.Contains(
            $"trained: 2 epochs on {summary.Examples:N0} examples, stopped early; best epoch "
                + "1, whose weights these are",
            Lines());
        Assert.Contains("validation: auc NaN", Lines());

        Rewrite(summary with
        {
            Epochs = 1,
            Options = JsonDocument.Parse(
                """{ "classWeights": [1, 2.5], "augmentations": [{ "type": "randomCrop", "padding": 4 }], "loss": null, "none": [] }""").RootElement,
        });
        Assert.Contains($"trained: 1 epoch on {summary.Examples:N0} examples; best epoch {summary.BestEpoch}", Lines());
        Assert.Equal(
            ["classWeights 1, 2.5", "augmentations[0].type randomCrop", "augmentations[0].padding 4"],
            Lines()[^3..].Select(l => Regex.Replace(l, " +", " ")));

        Rewrite(summary with { Validation = new Dictionary<string, double>(), Options = null });
        Assert.StartsWith("training: ", Lines()[^1], StringComparison.Ordinal);

        Rewrite(null);
        Assert.Null(Tool.Json("inspect", model)["training"]);
        Assert.DoesNotContain(Lines(), l => l.StartsWith("train", StringComparison.Ordinal));
    }

    private string[] Lines()
    {
        var (code, output, error) = Tool.Run("inspect", model);
        Assert.True(code == 0, error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    // The same network with another summary, in a .zip that has what the tool reads of ML.NET's: a length,
    // then the package.
    private void Rewrite(TrainingSummary? summary)
    {
        var package = ModelFile.Read(model);
        var bytes = new ModelPackage
        {
            Manifest = package.Manifest with { Trainings = summary is null ? [] : [summary] },
            Graphs = package.Graphs,
            TrainingWeights = package.TrainingWeights,
        }
            .ToBytes();
        File.Delete(model);
        using var zip = ZipFile.Open(model, ZipArchiveMode.Create);
        using var entry = zip.CreateEntry("TransformerChain/Model").Open();
        entry.Write([.. BitConverter.GetBytes(bytes.Length), .. bytes]);
    }
}
