using System.Globalization;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Models;

namespace MlNetDl.Cli.Tests;

/// <summary>Commands that show rows through a saved autoencoder.</summary>
public sealed class CodeCommandsTests(CodeModelsFixture models) : IClassFixture<CodeModelsFixture>
{
    private readonly Examples test = Datasets.Find("optdigits")!.Load(true);

    private string File(string name) => models.Folder[name];

    [Fact]
    public void Reconstructions_are_what_the_graphs_make_of_the_first_rows()
    {
        var told = Tool.Json("reconstruct", models.Digits, "--data", "optdigits", "--count", "5", "--output", File("again.csv"));
        Assert.Equal(5, (int)told["rows"]!);
        using var vae = VaeModel.Of(ModelFile.Read(models.Digits));
        Assert.Equal(Rows(5), Values("again.csv", ..64));
        Assert.Equal(vae.Decode(vae.Encode(Rows(5)).Means), Values("again.csv", 64..));

        // Four pairs beside each other and one below, each pair two images of 8×8 with lines of 2 between.
        Tool.Json("reconstruct", models.Digits, "--data", "optdigits", "--count", "5", "--output", File("again.png"));
        using var picture = MLImage.CreateFromFile(File("again.png"));
        Assert.Equal((42, 42), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_interpolation_ends_at_the_reconstructions(bool isSpherical)
    {
        string[] arc = isSpherical ? ["--spherical"] : [];
        var told = Tool.Json(["interpolate", models.Digits, "1", "2", "--data", "optdigits", "--steps", "5", "--output", File("way.csv"), .. arc]);
        Assert.Equal(isSpherical, (bool)told["isSpherical"]!);
        using var vae = VaeModel.Of(ModelFile.Read(models.Digits));
        var ends = vae.Decode(vae.Encode(Rows(2)).Means);
        var way = Values("way.csv");
        Assert.Equal(5 * 64, way.Length);
        Assert.All(ends[..64].Zip(way[..64]), v => Assert.Equal(v.First, v.Second, 1e-3f));
        Assert.All(ends[64..].Zip(way[^64..]), v => Assert.Equal(v.First, v.Second, 1e-3f));
    }

    [Fact]
    public void A_traversal_changes_one_value_of_the_code_of_a_row()
    {
        var told = Tool.Json(
            "traverse", models.Digits, "--data", "optdigits", "--row", "3", "--values", "2", "--steps", "3", "--from", "-1", "--output", File("values.csv"));
        int[] shown = [.. told["values"]!.AsArray().Select(v => (int)v!)];
        Assert.Equal(2, shown.Distinct().Count());
        using var vae = VaeModel.Of(ModelFile.Read(models.Digits));
        var code = vae.Encode(Rows(3)[^64..]).Means;
        var codes = shown.SelectMany(value => new[] { -1f, 1f, 3f }.SelectMany(v =>
        {
            float[] changed = [.. code];
            changed[value - 1] = v;
            return changed;
        }));
        Assert.All(vae.Decode([.. codes]).Zip(Values("values.csv", ..64)), v => Assert.Equal(v.First, v.Second, 1e-3f));
        Assert.EndsWith(",value of the code,value is set to", System.IO.File.ReadLines(File("values.csv")).First(), StringComparison.Ordinal);
        Assert.Equal([shown[0], -1, shown[0], 1, shown[0], 3, shown[1], -1, shown[1], 1, shown[1], 3], Values("values.csv", 64..));
    }

    [Fact]
    public void A_traversal_without_data_is_of_the_prior_s_mean_and_in_order()
    {
        var told = Tool.Json("traverse", models.Digits, "--steps", "3", "--output", File("values.png"));
        Assert.Equal([1, 2, 3, 4], told["values"]!.AsArray().Select(v => (int)v!));
        using var picture = MLImage.CreateFromFile(File("values.png"));
        Assert.Equal((32, 42), (picture.Width, picture.Height));
        Tool.Json("traverse", models.Digits, "--steps", "3", "--output", File("values0.csv"));
        using var vae = VaeModel.Of(ModelFile.Read(models.Digits));
        Assert.All(vae.Decode(new float[4]).Zip(Values("values0.csv", ..64)[64..128]), v => Assert.Equal(v.First, v.Second, 1e-3f));
    }

    [Fact]
    public void Image_files_and_folders_are_rows_as_for_predictions()
    {
        Directory.CreateDirectory(File("images"));
        foreach (var (index, level) in new[] { 0, 16 }.Index())
        {
            var pixels = Enumerable.Repeat((byte)level, 8 * 8 * 4).ToArray();
            using var image = MLImage.CreateFromPixels(8, 8, MLPixelFormat.Rgba32, [.. pixels.Select((p, i) => i % 4 == 3 ? byte.MaxValue : p)]);
            image.Save(File($"images/{index}.png"));
        }

        Tool.Json("reconstruct", models.Digits, "--data", File("images"), "--output", File("files.csv"));
        Tool.Json("interpolate", models.Digits, File("images/0.png"), File("images/1.png"), "--steps", "2", "--output", File("ends.csv"));
        Assert.Equal(Values("files.csv", 64..), Values("ends.csv"));
    }

    [Fact]
    public void Rows_of_a_table_go_through_its_chain()
    {
        Tool.Json("reconstruct", models.Rows, "--data", File("rows.csv"), "--count", "3", "--output", File("table.csv"));
        Assert.Equal("a,b,a reconstructed,b reconstructed", System.IO.File.ReadLines(File("table.csv")).First());
        using var vae = VaeModel.Of(ModelFile.Read(models.Rows));
        var rows = Enumerable.Range(0, 3).SelectMany(i => new[] { (float)(i / 60.0), (float)(1 - (i / 60.0)) }).ToArray();
        Assert.Equal(vae.Decode(vae.Encode(rows).Means), Values("table.csv", 2..));
        Tool.Json("interpolate", models.Rows, "1", "60", "--data", File("rows.csv"), "--output", File("table.csv"));
        Assert.Equal(12, System.IO.File.ReadLines(File("table.csv")).Count());
    }

    [Fact]
    public void A_tool_without_libtorch_gives_the_same_rows()
    {
        Tool.CopyWithoutTorch(File("bin"));
        void Same(params string[] args)
        {
            Tool.Json([.. args, "--output", File("with.csv")]);
            var (code, _, error) = ChildProcess.Dotnet(File("bin/mldl.dll"), [.. args, "--output", File("without.csv")]);
            Assert.True(code == 0, error);
            Assert.Equal(Values("with.csv"), Values("without.csv"));
        }

        Same("reconstruct", models.Rows, "--data", File("rows.csv"));
        Same("interpolate", models.Digits, "1", "2", "--data", "optdigits", "--spherical");
        Same("traverse", models.Digits, "--data", "optdigits");
    }

    [Fact]
    public void What_cannot_be_meant_is_refused()
    {
        Tool.Json("run", Experiment("pixels.yaml", Tool.Digits), "--output", File("classes"), "training.epochs=1");
        Refused(1, "is no autoencoder", "reconstruct", File("classes/model.zip"), "--data", "optdigits");
        Refused(1, "is no autoencoder", "traverse", File("classes/model.zip"));
        Refused(2, "--steps is 0, but must be 2 or more", "interpolate", models.Digits, "1", "2", "--data", "optdigits", "--steps", "0");
        Refused(2, "--steps is 1, but must be 2 or more", "traverse", models.Digits, "--steps", "1");
        Refused(2, "--count is 0, but must be 1 or more", "reconstruct", models.Digits, "--data", "optdigits", "--count", "0");
        Refused(2, "two numbers that differ", "traverse", models.Digits, "--from", "1", "--to", "1");
        Refused(2, "give --data too", "traverse", models.Digits, "--row", "2");
        Refused(1, "a number from 1 to 1797, but '0'", "interpolate", models.Digits, "1", "0", "--data", "optdigits");
        Refused(1, "a number from 1 to 1797, but 'x.png'", "interpolate", models.Digits, "1", "x.png", "--data", "optdigits");
        Refused(1, "a number from 1 to 60, but '61'", "traverse", models.Rows, "--data", File("rows.csv"), "--row", "61", "--output", File("no.csv"));
        Refused(1, "makes rows of 2 values and no images", "reconstruct", models.Rows, "--data", File("rows.csv"), "--output", File("no.png"));
        Refused(1, "names no file; give it a name, such as", "traverse", models.Digits, "--output", File("digits") + "/");
        Refused(1, "names no file; give it a name, such as 'rows.png'", "traverse", models.Digits, "--output", ".png");
        Assert.False(System.IO.File.Exists(File("digits/.png")));
        Refused(1, "ends with '.gif'", "traverse", models.Digits, "--output", File("no.gif"));
        Refused(1, "nowhere/no.png' does not exist; make it", "traverse", models.Digits, "--output", File("nowhere/no.png"));
        Refused(1, "but the data set 'mnist' has", "reconstruct", models.Digits, "--data", "mnist");
        Refused(1, "takes images, but", "reconstruct", models.Digits, "--data", File("rows.csv"));
        Refused(1, "the file 'none.png' does not exist", "interpolate", models.Digits, "none.png", "none.png");
        Refused(1, "name a table by --data", "interpolate", models.Rows, "a.png", "b.png", "--output", File("no.csv"));
        Assert.Empty(Directory.EnumerateFiles(models.Folder["."], "no.*"));
    }

    [Fact]
    public void Data_may_be_that_of_an_experiment()
    {
        Tool.Json("reconstruct", models.Digits, "--data", "optdigits", "--count", "3", "--output", File("named.csv"));
        Tool.Json("reconstruct", models.Digits, "--data", File("digits.yaml"), "--count", "3", "--output", File("yaml.csv"));
        Assert.Equal(Values("named.csv"), Values("yaml.csv"));
        // The test part of a table is another one than the whole file.
        Assert.InRange((int)Tool.Json("reconstruct", models.Rows, "--data", File("rows.yaml"), "--count", "60", "--output", File("yaml.csv"))["rows"]!, 6, 20);
        Tool.Json("interpolate", models.Digits, "1", "2", "--data", File("digits.yaml"), "--output", File("yaml.csv"));
        Tool.Json("traverse", models.Digits, "--data", File("digits.yaml"), "--output", File("yaml.csv"));
        Refused(1, "has no column of features", "reconstruct", models.Digits, "--data", File("rows.yaml"), "--output", File("no.csv"));
        Refused(1, "but the data of", "reconstruct", models.Rows, "--data", File("digits.yaml"), "--output", File("no.csv"));
    }

    [Fact]
    public void A_file_without_an_extension_gets_that_of_the_rows()
    {
        Assert.EndsWith("rows.csv", (string)Tool.Json("generate", models.Rows, "--output", File("made-rows"))["output"]!, StringComparison.Ordinal);
        Assert.True(System.IO.File.Exists(File("made-rows.csv")));
        Tool.Json("traverse", models.Digits, "--output", File("made-digits"));
        Assert.True(System.IO.File.Exists(File("made-digits.png")));
    }

    [Fact]
    public void Mixtures_are_fitted_to_tables_and_to_data_of_experiments()
    {
        using var vae = VaeModel.Of(ModelFile.Read(models.Rows));
        string[] generate = ["generate", models.Rows, "--sampler", "mixture", "--components", "2", "--count", "4", "--output", File("mixed.csv"), "--data"];
        Tool.Json([.. generate, File("rows.csv")]);
        var rows = Enumerable.Range(0, 60).SelectMany(i => new[] { (float)(i / 60.0), (float)(1 - (i / 60.0)) }).ToArray();
        var mixture = vae.FitMixture(new Examples(vae.Input, rows), new() { Components = 2 });
        Assert.Equal(vae.Generate(4, 0, mixture), Values("mixed.csv"));
        Tool.Json([.. generate, File("rows.yaml")]);
        Assert.NotEqual(vae.Generate(4, 0, mixture), Values("mixed.csv"));
    }

    [Fact]
    public void A_mixture_of_a_told_model_is_refused_before_its_data_is_read()
    {
        Tool.Json("run", File("digits.yaml"), "--output", File("told-classes"), "network.condition={}", "training.epochs=1");
        Refused(1, "is told the class of each row, and a mixture", "generate", File("told-classes/model.zip"), "--sampler", "mixture", "--data",
            File("none"), "--output", File("no.png"));
    }

    [Fact]
    public void The_test_part_has_figures_as_an_evaluation_with_one_sample_tells_them()
    {
        double Test(string run, string figure) => (double)System.Text.Json.Nodes.JsonNode.Parse(
            System.IO.File.ReadAllText(File($"{run}/result.json")))!["metrics"]!["test"]![figure]!;
        Assert.Equal((double)Tool.Json("evaluate", models.Digits, "--data", "optdigits", "--samples", "1")["negativeElbo"]!,
            Test("digits", "negativeElbo"), 1e-9);
        Tool.Json("run", File("rows.yaml"), "--output", File("plain"),
            "network={ type: autoencoder, latent: 1, encoder: { type: mlp, hidden: [4] }, decoder: { type: mlp, hidden: [4] } }");
        Assert.Equal((double)Tool.Json("evaluate", File("plain/model.zip"), "--data", File("rows.yaml"))["squaredError"]!, Test("plain", "squaredError"), 1e-9);
    }

    [Fact]
    public void Rows_are_given_as_they_are_where_the_likelihood_draws_none()
    {
        using var rows = CodeModel.Of(ModelFile.Read(models.Rows));
        float[] row = [5, -5];
        Assert.Same(row, rows.AsTrained(row));
        using var digits = CodeModel.Of(ModelFile.Read(models.Digits));
        foreach (var model in new[] { rows, digits })
        {
            Assert.Contains("no multiple of", Assert.Throws<ArgumentException>(() => model.AsTrained(new float[model.Width + 1])).Message,
                StringComparison.Ordinal);
        }

        Assert.Contains("found 0 to 2 times the peak", Assert.Throws<ArgumentException>(() => digits.AsTrained([.. new float[63], 32])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Each_graph_is_a_file_of_its_own()
    {
        Assert.Equal(
            ["model.decode.onnx", "model.onnx", "model.reconstruct.onnx"],
            Directory.GetFiles(File("digits"), "*.onnx").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var decoder = new Onnx.OnnxModel(System.IO.File.ReadAllBytes(File("digits/model.decode.onnx")));
        using var vae = VaeModel.Of(ModelFile.Read(models.Digits));
        var made = decoder.Run(new Dictionary<string, Onnx.OnnxTensor> { ["latent"] = new([1, 4], new float[] { 1, 0, -1, 2 }) }).Values.Single();
        Assert.Equal(vae.Decode([1, 0, -1, 2]), made.Floats);
    }

    [Fact]
    public void Settings_without_a_meaning_for_the_model_are_refused()
    {
        Refused(1, "is told none", "reconstruct", models.Digits, "--data", "optdigits", "--condition", "7", "--output", File("no.png"));
        Refused(1, "is told none", "traverse", models.Digits, "--condition", "7", "--output", File("no.png"));
        Refused(1, "is told none", "interpolate", models.Digits, "1", "2", "--data", "optdigits", "--condition", "7", "--output", File("no.png"));
        Tool.Json("run", File("digits.yaml"), "--output", File("decoded"), "network=autoencoder", "network.peak=16", "training.epochs=1");
        Refused(2, "--samples is for the likelihood", "evaluate", File("decoded/model.zip"), "--data", "optdigits", "--samples", "5");
        Refused(1, "no task that says what its outputs mean", "predict", models.Rows, File("rows.csv"));
        Refused(1, "takes images, but", "evaluate", models.Digits, "--data", File("rows.csv"));
        Refused(2, "image.channels is 2", "run", Experiment("two.yaml",
            "{ name: two, data: { folder: x, image: { channels: 2, height: 8, width: 8 } }, network: vae }"), "--output", File("no"));
        Refused(1, "names the class 'nope'", "run", File("digits.yaml"), "--output", File("no"), "data.only=[nope]");
    }

    [Fact]
    public void Rows_that_are_far_from_white_are_questioned()
    {
        var text = System.IO.File.ReadAllText(File("digits.yaml")).Replace("peak: 16,", "", StringComparison.Ordinal);
        Refused(1, "Set network.peak: 16; or network.peak: 255", "run", Experiment("dark.yaml", text), "--output", File("dark"));
        Tool.Json("run", File("dark.yaml"), "--output", File("dark"), "network.peak=255", "training.epochs=1");
    }

    [Fact]
    public void Generation_is_the_word_for_a_model_without_labels()
    {
        var text = System.IO.File.ReadAllText(File("rows.yaml"));
        Tool.Json("run", Experiment("told.yaml", text + "\ntask: generation\n"), "--output", File("told"));
        Assert.Equal(System.IO.File.ReadAllBytes(File("rows/model.onnx")), System.IO.File.ReadAllBytes(File("told/model.onnx")));
        Refused(2, "name a model that makes data", "run", Experiment("told.yaml", Tool.Digits + "\ntask: generation\n"), "--output", File("no"));
    }

    [Fact]
    public void Values_above_white_are_refused()
    {
        var pixels = Enumerable.Repeat(byte.MaxValue, 8 * 8 * 4).ToArray();
        using var image = MLImage.CreateFromPixels(8, 8, MLPixelFormat.Rgba32, pixels);
        image.Save(File("white.png"));
        Refused(1, "from 0 to 16, but the data has the value 255", "interpolate", models.Digits, File("white.png"), File("white.png"));
    }

    private string Experiment(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    private static void Refused(int code, string words, params string[] args) =>
        Assert.Contains(words, Tool.Fails(code, args), StringComparison.OrdinalIgnoreCase);

    private float[] Rows(int count)
    {
        var rows = new float[count * 64];
        test.CopyTo(0, count, rows);
        return rows;
    }

    private float[] Values(string name) => Values(name, ..);

    // Of some columns.
    private float[] Values(string name, Range columns) => [.. System.IO.File.ReadLines(File(name)).Skip(1)
        .SelectMany(l => l.Split(',')[columns]).Select(v => float.Parse(v, CultureInfo.InvariantCulture))];
}
