using System.Text.Json.Nodes;
using SkiaSharp;

namespace MlNetDl.Cli.Tests;

/// <summary><c>mldl predict</c> on several files.</summary>
public sealed class PredictTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Files_that_cannot_be_read_are_named_and_the_others_answered()
    {
        Picture("images/dark/1.png", 20);
        Picture("images/dark/2.png", 30);
        Picture("images/light/1.png", 230);
        Picture("images/light/2.png", 240);
        File.WriteAllText(folder["a.yaml"], $"{{ name: a, data: {{ folder: '{folder["images"]}', image: {{ channels: "
            + "1, height: 8, width: 8 }, testFraction: 0.5 }, network: mlp, training: { epochs: 1 } }");
        Tool.Json("run", folder["a.yaml"], "--output", folder["run"]);
        var model = folder["run/model.zip"];
        string good = folder["images/dark/1.png"],
            other = folder["images/light/1.png"],
            damaged = folder["damaged.png"],
            missing = folder["missing.png"];
        File.WriteAllText(damaged, "no image");

        var (code, output, error) = Tool.Run("predict", model, damaged, good, missing, other);
        Assert.Equal(1, code);
        Assert.Equal(
            [good, other],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line[..line.LastIndexOf(": ", StringComparison.Ordinal)]));
        Assert.Equal(
            [
                $"mldl: Image '{damaged}': the format is unknown or the file is damaged; expected PNG, "
                    + "JPEG, BMP, GIF or WebP.",
                $"mldl: The file '{missing}' does not exist.",
                "mldl: 2 of 4 files could not be predicted for.",
            ],
            error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

        (code, output, _) = Tool.Run("predict", model, damaged, good, "--json");
        Assert.Equal(1, code);
        var entries = JsonNode.Parse(output)!.AsArray();
        Assert.Equal((damaged, good), ((string?)entries[0]!["source"], (string?)entries[1]!["source"]));
        Assert.StartsWith($"Image '{damaged}'", (string?)entries[0]!["error"], StringComparison.Ordinal);

        Assert.Equal($"mldl: The file '{missing}' does not exist.", Tool.Fails(1, "predict", model, missing).Trim());

        // Of a folder, all its images in order of name; what is no image is passed over.
        File.WriteAllText(folder["images/notes.txt"], "mine");
        Assert.Equal(
            ["dark/1", "dark/2", "light/1", "light/2"],
            Tool.Json("predict", model, folder["images"])
                .AsArray()
                .Select(p => Path.GetRelativePath(folder["images"], (string)p!["source"]!).Replace('\\', '/')[..^4]));

        // What tools keep beside images is passed over too, in training as here.
        File.WriteAllText(folder["images/dark/._1.png"], "resource fork");
        Assert.Equal(4, Tool.Json("predict", model, folder["images"]).AsArray().Count);
        Directory.CreateDirectory(folder["empty"]);
        var (exit, answers, problems) = Tool.Run("predict", model, good, folder["empty"], other);
        Assert.Equal((1, 2), (exit, answers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Contains("1 of 3 files could not be predicted for.", problems, StringComparison.Ordinal);
        Assert.Contains(
            $"'{folder["empty"]}' is a folder without images",
            Tool.Fails(1, "predict", model, folder["empty"]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_model_says_that_it_takes_no_folder()
    {
        File.WriteAllText(folder["t.csv"], "a,kind\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 2},{"xy"[i % 2]}\n")));
        File.WriteAllText(folder["a.yaml"], $"{{ name: a, data: {{ csv: '{folder["t.csv"]}', label: kind }}, network: "
            + "mlp, training: { epochs: 1 } }");
        Tool.Json("run", folder["a.yaml"], "--output", folder["run"]);
        Assert.Contains(
            $"'{folder.Path}' is a folder, but the model '{folder["run/model.zip"]}' takes the rows of a table",
            Tool.Fails(1, "predict", folder["run/model.zip"], folder.Path),
            StringComparison.Ordinal);
    }

    private void Picture(string name, byte grey)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        using var bitmap = new SKBitmap(8, 8);
        bitmap.Erase(new SKColor(grey, grey, grey));
        using var file = File.Create(folder[name]);
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
    }
}
