using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Tests.Images;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.MlNet;

/// <summary>Columns of images: rows without one, and files of many formats and sizes in one column.</summary>
[Collection("torch")]
public sealed class ImageColumnTests
{
    private readonly MLContext ml = new(seed: 1);

    [Theory]
    [InlineData(1024)]
    [InlineData(0)]
    public void A_row_without_an_image_is_missing_data_it_is_left_out_and_scored_as_no_class(int budgetMB)
    {
        var messages = new List<string>();
        ml.Log += (_, e) => messages.Add(e.Message);
        var rows = Enumerable.Range(0, 24)
            .Select(i => new Picture
            {
                Label = i % 2 == 0 ? "light" : "dark",
                Image = i is 5 or 6 ? null! : Grey((byte)(i % 2 == 0 ? 220 + i : 20 + i)),
            })
            .ToList();
        var data = Keyed(rows);
        var model = ml.MulticlassClassification.Trainers.NeuralNetwork(Options(budgetMB)).Fit(data);
        Assert.Contains(messages, m => m.Contains(
            "2 rows were left out because their label or a feature is missing.", StringComparison.Ordinal));
        Assert.Equal(22, model.Package.Manifest.Training!.Examples);

        var scored = model.Transform(data);
        var predicted = scored.GetColumn<uint>("PredictedLabel").ToList();
        Assert.Equal(Enumerable.Range(0, 24).Select(i => i is 5 or 6 ? 0u : (uint)(i % 2) + 1), predicted);
        Assert.All(
            scored.GetColumn<float[]>("Score").Select((s, i) => (s, i)),
            r => Assert.All(r.s, p => Assert.Equal(r.i is 5 or 6, float.IsNaN(p))));
    }

    [Fact]
    public void Only_missing_images_are_an_empty_set()
    {
        var data = Keyed([new() { Label = "a" }, new() { Label = "b" }]);
        Assert.Contains(
            "no row has a label, features",
            Assert.Throws<InvalidOperationException>(
                () => ml.MulticlassClassification.Trainers.NeuralNetwork(Options(1024)).Fit(data)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Files as ML.NET's own loader reads them, of nine formats and three sizes in one column; the scores are
    /// those of the files decoded by this library.</summary>
    [Fact]
    public void Files_of_any_format_and_size_train_and_score_as_the_decoder_reads_them()
    {
        using var folder = new TemporaryFolder();
        (string Name, byte[] Bytes)[] files =
        [
            ("cmyk.jpg", Pictures.CmykJpeg),
            ("progressive.jpg", Pictures.ProgressiveJpeg),
            ("grey.jpg", Pictures.GreyJpeg),
            ("ga16.png", Pictures.GreyAlpha16Png),
            ("rgba16.png", Pictures.InterlacedRgba16Png),
            ("palette.png", Pictures.TransparentPalettePng),
            ("bit.png", Pictures.OneBitPng),
            ("small.png", Png.Encode(2, 2, 2, 8, [1, 200, 30, 40, 5, 60, 7, 80, 90, 100, 110, 120])),
            ("tall.png", Png.Encode(1, 5, 0, 16, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])),
        ];
        foreach (var (name, bytes) in files)
        {
            File.WriteAllBytes(folder[name], bytes);
        }

        var data = ml.Data.LoadFromEnumerable(files.Select((f, i) => new Named { Path = f.Name, Value = i }));
        var options = new NeuralNetworkOptions
        {
            Network = new Mlp { Hidden = [4] },
            FeatureColumnName = "Image",
            LabelColumnName = "Value",
            Image = new(3, 6, 7),
            Training = new() { Epochs = 2, BatchSize = 4 },
        };
        var model = ml.Transforms.LoadImages("Image", folder.Path, "Path").Append(ml.Regression.Trainers.NeuralNetwork(options)).Fit(data);
        var examples = new MlNetDl.Data.Examples(
            Layers.Contracts.Shape.Image(3, 6, 7),
            files.SelectMany(f => MlNetDl.Images.ImageDecoder.Decode(folder[f.Name], options.Image)).ToArray(),
            files.Select((_, i) => (float)i).ToArray());
        var expected = model.LastTransformer.Score(examples);
        Assert.Equal(expected, TrainerContractTests.Scores(model.Transform(data)));
        Assert.Equal(files.Length, expected.Distinct().Count());

        // And trained on the decoded bytes it is the same model.
        Assert.Equal(
            model.LastTransformer.Package.Graphs["model"],
            ml.Regression.Trainers.NeuralNetwork(options).Fit(examples).Package.Graphs["model"]);
    }

    private IDataView Keyed(IEnumerable<Picture> rows)
    {
        var data = ml.Data.LoadFromEnumerable(rows);
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private static NeuralNetworkOptions Options(int budgetMB) => new()
    {
        Network = new Mlp { Hidden = [4] },
        FeatureColumnName = "Image",
        Image = new(1, 4, 4),
        Training = new()
        {
            Epochs = 30,
            BatchSize = 8,
            MemoryBudgetMB = budgetMB,
            ShuffleBuffer = 30,
            Optimizer = new Adam { LearningRate = 0.05 },
        },
    };

    private static MLImage Grey(byte value)
    {
        var pixels = new byte[4 * 4 * 4];
        pixels.AsSpan().Fill(value);
        for (int i = 3; i < pixels.Length; i += 4)
        {
            pixels[i] = 255;
        }

        return MLImage.CreateFromPixels(4, 4, MLPixelFormat.Bgra32, pixels);
    }

    private sealed class Picture
    {
        [ImageType(4, 4)]
        public MLImage Image { get; set; } = null!;

        public string Label { get; set; } = "";
    }

    private sealed class Named
    {
        public string Path { get; set; } = "";

        public float Value { get; set; }
    }
}
