using SkiaSharp;

namespace MlNetDl.Cli.Tests;

/// <summary>Folders of images without classes, for models that need none; and images that are scaled.</summary>
public sealed class UnlabelledImagesTests : IDisposable
{
    private const string Small = "latent: 2, encoder: { type: mlp, hidden: [8] }, decoder: { type: mlp, hidden: [8] } }";
    private readonly TemporaryFolder folder = new();

    public UnlabelledImagesTests()
    {
        for (int i = 0; i < 20; i++)
        {
            Picture($"flat/{i}.png", (byte)(12 * i), i % 4 == 0 ? 12 : 8);
        }

        File.WriteAllText(folder["flat.yaml"], $$"""
            name: flat
            data: { folder: '{{folder["flat"]}}', image: { channels: 1, height: 8, width: 8 } }
            network: { type: vae, {{Small}}
            training: { threads: 1 }
            """);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("network={ type: vae, " + Small)]
    [InlineData("network={ type: autoencoder, " + Small)]
    [InlineData("network={ type: pca }")]
    [InlineData("network={ type: kMeans, clusters: 2, restarts: 1 }")]
    [InlineData("task=anomalyDetection")]
    public void A_folder_without_classes_is_trained_on_and_judged_by(string model)
    {
        var (code, output, error) = Tool.Run("run", folder["flat.yaml"], "--output", folder["run"], model, "training.epochs=1");
        Assert.True(code == 0, error);
        Assert.Matches("1[0-9] images to train on, [1-9] to test with; they have no classes", output);
        (code, _, error) = Tool.Run("evaluate", folder["run/model.zip"], "--data", folder["flat"]);
        Assert.True(code == 0, error);
        Assert.Contains("warning: 5 of 20 images are scaled to 8x8 pixels, which the model takes, from 12x12.", error, StringComparison.Ordinal);
        Assert.Contains("is done already", Tool.Run("run", folder["flat.yaml"], "--output", folder["run"], model, "training.epochs=1").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Flat_folders_have_parts_to_validate_with()
    {
        Directory.CreateDirectory(folder["parts"]);
        Directory.Move(folder["flat"], folder["parts/train"]);
        for (int i = 0; i < 4; i++)
        {
            Picture($"parts/val/{i}.png", (byte)(100 + i), 8);
            Picture($"more/{i % 2}/{i}.png", (byte)(110 + i), 8);
        }

        string[] run = ["run", folder["flat.yaml"], "training.epochs=1", $"data.folder={folder["parts"]}"];
        var (code, output, error) = Tool.Run([.. run, "--output", folder["run"]]);
        Assert.True(code == 0, error);
        Assert.Contains("16 images to train on, 4 to validate with, 4 to test with; they have no classes", output, StringComparison.Ordinal);
        Assert.Contains("16 examples in memory, 4 held out for validation", output, StringComparison.Ordinal);
        // Folders in a folder of its own are no classes where those of the training are none.
        (code, output, error) = Tool.Run([.. run, $"data.validation={folder["more"]}", "--output", folder["other"]]);
        Assert.True(code == 0, error);
        Assert.Contains("16 images to train on, 4 to validate with, 4 to test with; they have no classes", output, StringComparison.Ordinal);
        Assert.Contains("beside the folders of classes and parts are left out, such as 'val", output + error, StringComparison.Ordinal);
        // And a flat folder has none for a training that needs them.
        Picture("classes/a/0.png", 1, 8);
        Picture("classes/a/1.png", 2, 8);
        Picture("classes/b/0.png", 3, 8);
        Picture("classes/b/1.png", 4, 8);
        Assert.Contains("val' has no images in sub-folders; expected one folder a class", Tool.Fails(1, "run", folder["flat.yaml"], "--output",
            folder["no"], "network=mlp", $"data.folder={folder["classes"]}", $"data.validation={folder["parts/val"]}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_right_in_a_folder_and_below_it_are_all_rows()
    {
        Picture("flat/old/0.png", 3, 8);
        Picture("flat/old/1.png", 5, 8);
        var (code, output, error) = Tool.Run(
            "run", folder["flat.yaml"], "--output", folder["run"], "network={ type: kMeans, clusters: 2, restarts: 1 }", "data.testFraction=0.5");
        Assert.True(code == 0, error);
        Assert.Contains("11 images to train on, 11 to test with; they have no classes", output, StringComparison.Ordinal);
        Assert.Equal(22, (int)Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["flat"])["rows"]!);
        error = Tool.Fails(1, "run", folder["flat.yaml"], "--output", folder["no"], "network=mlp");
        Assert.Contains("has images in sub-folders, such as 'old", error, StringComparison.Ordinal);
        Assert.Contains("and right in it, such as '0.png'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_that_reads_images_tells_which_are_scaled()
    {
        const string scaled = "5 of 20 images are scaled to 8x8 pixels, which the model takes, from 12x12.";
        var (code, output, error) = Tool.Run("run", folder["flat.yaml"], "--output", folder["run"], "training.epochs=1", "network.peak=255");
        Assert.True(code == 0, error);
        Assert.Contains($"warning: {scaled}", output + error, StringComparison.Ordinal);
        var model = folder["run/model.zip"];
        void Tells(params string[] args)
        {
            (code, _, error) = Tool.Run(args);
            Assert.True(code == 0, error);
            Assert.Contains($"warning: {scaled}", error, StringComparison.Ordinal);
        }

        foreach (var data in new[] { folder["flat"], folder["flat.yaml"] })
        {
            Tells("evaluate", model, "--data", data, "--samples", "1");
            Tells("reconstruct", model, "--data", data, "--output", folder["again.png"]);
            Tells("interpolate", model, "1", "2", "--data", data, "--output", folder["way.png"]);
            Tells("traverse", model, "--data", data, "--output", folder["values.png"]);
            Tells("generate", model, "--sampler", "mixture", "--components", "1", "--data", data, "--output", folder["new.png"]);
        }

        Assert.Contains("1 of 2 images is scaled", Tool.Run("interpolate", model, folder["flat/0.png"], folder["flat/1.png"], "--output",
            folder["way.png"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_predictor_counts_the_images_of_all_threads()
    {
        Picture("two/dark/0.png", 10, 9);
        Picture("two/dark/1.png", 20, 9);
        Picture("two/light/0.png", 230, 9);
        Picture("two/light/1.png", 240, 9);
        Tool.Json("run", folder["flat.yaml"], $"data.folder={folder["two"]}", "data.testFraction=0.5", "--output", folder["run"], "network=mlp",
            "training.epochs=1");
        using var predictor = Experiments.Predictor.Load(folder["run/model.zip"]);
        Parallel.For(0, 400, i => predictor.Predict(folder[i % 2 == 0 ? "flat/0.png" : "flat/1.png"]));
        Assert.StartsWith("200 of 400 images are scaled", predictor.Scaled, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_may_be_folders_and_commands_take_them()
    {
        foreach (var part in new[] { "train", "test" })
        {
            for (int i = 0; i < 6; i++)
            {
                Picture($"parts/{part}/{i}.png", (byte)(40 * i), 8);
            }
        }

        var (code, output, error) = Tool.Run("run", folder["flat.yaml"], $"data.folder={folder["parts"]}", "--output", folder["run"], "training.epochs=1");
        Assert.True(code == 0, error);
        Assert.Contains("6 images to train on, 6 to test with; they have no classes", output, StringComparison.Ordinal);
        Assert.Equal(6, (int)Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["parts"])["rows"]!);
        Assert.Equal(
            20, (int)Tool.Json("reconstruct", folder["run/model.zip"], "--data", folder["flat"], "--output", folder["again.png"])["rows"]!);
    }

    [Fact]
    public void What_needs_classes_says_so()
    {
        Assert.Contains("has no images in sub-folders; expected one folder a class",
            Tool.Fails(1, "run", folder["flat.yaml"], "--output", folder["run"], "network=mlp"), StringComparison.Ordinal);
        Assert.Contains("is told the class of each row, but the data has no classes",
            Tool.Fails(1, "run", folder["flat.yaml"], "--output", folder["run"], "network.condition={}"), StringComparison.Ordinal);
        Directory.CreateDirectory(folder["empty"]);
        Assert.Contains("has no images; expected",
            Tool.Fails(1, "run", folder["flat.yaml"], "--output", folder["run"], $"data.folder={folder["empty"]}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_other_sizes_are_told_by_evaluate_and_predict()
    {
        Picture("many/dark/0.png", 10, 8);
        Picture("many/dark/1.png", 10, 8);
        for (int i = 0; i < 5; i++)
        {
            Picture($"many/light/{i}.png", 230, 9 + i);
        }

        Tool.Json("run", folder["flat.yaml"], $"data.folder={folder["many"]}", "--output", folder["run"], "network=mlp", "training.epochs=1");
        Assert.Contains("5 of 7 images are scaled to 8x8 pixels, which the model takes, from 9x9 (1), 10x10 (1), 11x11 (1) and 2 other sizes (2).",
            Tool.Run("evaluate", folder["run/model.zip"], "--data", folder["many"]).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("scaled", Tool.Run("predict", folder["run/model.zip"], folder["many/dark"]).Error, StringComparison.Ordinal);
        Assert.Contains("warning: the image is scaled to 8x8 pixels, which the model takes, from 9x9.",
            Tool.Run("predict", folder["run/model.zip"], folder["many/light/0.png"]).Error, StringComparison.Ordinal);
    }

    private void Picture(string name, byte shade, int side)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        using var bitmap = new SKBitmap(side, side);
        bitmap.Erase(new SKColor(shade, shade, shade));
        bitmap.SetPixel(shade % side, 0, SKColors.White);
        using var file = File.Create(folder[name]);
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
    }
}
