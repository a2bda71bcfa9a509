using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetDl.Analysis;
using MlNetDl.Experiments;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>A task whose images have any number of objects: a graph whose rows are objects, and three columns of
/// variable size made of them.</summary>
public sealed class DetectionTests
{
    private const int Width = 16, Height = 8;

    private static readonly Network Detector = new(new SeamBrightSpots(150), Shape.Image(3, Height, Width));

    // Red, green and blue squares of one pixel of the network, in images twice as wide and high, and
    // in one of its size.
    private static readonly ImageRow[] Rows =
    [
        new() { Image = Picture(2, (3, 1, 0), (12, 6, 2)) },
        new() { Image = Picture(2) },
        new() { Image = Picture(1, (3, 4, 1)) },
    ];

    private static ModelPackage Package => new()
    {
        Manifest = new()
        {
            Task = new SeamDetection(),
            Label = new() { ClassNames = ["red", "green", "blue"] },
            Graphs =
            [
                new(
                    "model",
                    [new("input", Shape.Image(3, Height, Width)) { Column = "Image", Image = new(3, Height, Width) }],
                    [new("output", Shape.Parse("[D, 7]"))]),
            ],
        },
        Graphs = new Dictionary<string, byte[]> { ["model"] = OnnxWriter.Write(Detector, new Weights([])) },
    };

    [Fact]
    public void Objects_become_columns_of_variable_size_in_pixels_of_their_own_image()
    {
        var ml = new MLContext(1);
        var found = Predict(ml, NeuralNetworkTransformer.Of(ml, Package));
        Assert.Equal([1u, 3u], found[0].PredictedLabel);
        Assert.Equal([6, 2, 8, 4, 24, 12, 26, 14], found[0].PredictedBoundingBoxes);
        Assert.Equal([1f, 1f], found[0].Score);
        Assert.Empty(found[1].PredictedLabel);
        Assert.Empty(found[1].PredictedBoundingBoxes);
        Assert.Empty(found[1].Score);
        Assert.Equal([2u], found[2].PredictedLabel);
        Assert.Equal([3, 4, 4, 5], found[2].PredictedBoundingBoxes);
    }

    [Fact]
    public void A_saved_detector_finds_the_same_in_batches_and_one_by_one()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        ml.Model.Save(NeuralNetworkTransformer.Of(ml, Package), null, folder["detector.zip"]);
        var loaded = ml.Model.Load(folder["detector.zip"], out _);
        var expected = Predict(ml, loaded);
        Assert.Equal(Predict(ml, NeuralNetworkTransformer.Of(ml, Package)), expected);
        Assert.Equal(expected, Predict(ml, NeuralNetworkTransformer.Of(ml, Package, options: new() { BatchSize = 1 })));
        using var engine = ml.Model.CreatePredictionEngine<ImageRow, Objects>(loaded);
        Assert.Equal(expected, Rows.Select(row => engine.Predict(row)));
    }

    [Fact]
    public void Keys_of_objects_have_the_names_of_the_classes()
    {
        var ml = new MLContext(1);
        var scored = NeuralNetworkTransformer.Of(ml, Package).Transform(ml.Data.LoadFromEnumerable(Rows));
        var named = ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel").Fit(scored).Transform(scored);
        var names = named.GetColumn<VBuffer<ReadOnlyMemory<char>>>("Name").Select(v => string.Join(' ', v.DenseValues())).ToList();
        Assert.Equal(["red blue", "", "green"], names);
    }

    [Fact]
    public void Torch_finds_what_ONNX_Runtime_finds()
    {
        using var session = TorchSession.Enter(seed: 1);
        using var network = new TorchNetwork(Detector);
        using var images = rand(3, 3, Height, Width) * 255;
        network.SetTraining(false);
        using var expected = network.Forward(images)["output"];
        using var model = new OnnxModel(Package.Graphs["model"]);
        var got = model.Run(new Dictionary<string, OnnxTensor>
        {
            ["input"] = new([3, 3, Height, Width], images.data<float>().ToArray()),
        })["output"];
        Assert.Equal(expected.shape, got.Dims.ToArray());
        Assert.Equal(expected.data<float>().ToArray(), got.Floats);
    }

    [Fact]
    public void Scores_of_different_numbers_are_no_matrix()
    {
        using var transformer = NeuralNetworkTransformer.Of(new MLContext(1), Package);
        var error = Assert.Throws<NotSupportedException>(
            () => transformer.Score(new(Shape.Image(3, Height, Width), new byte[3 * Height * Width])));
        Assert.Contains("[D, 7]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_detector_learns_from_classes_and_boxes_of_any_number()
    {
        var ml = new MLContext(1);
        var random = new Random(1);
        string[] names = ["red", "green", "blue"];
        var rows = Enumerable.Range(0, 40)
            .Select(_ => Enumerable.Range(0, random.Next(4))
                .Select(_ => (X: random.Next(Width), Y: random.Next(Height), Class: random.Next(3))))
            .Select(o => o.DistinctBy(o => (o.X, o.Y)).ToArray())
            .Select(o => new TrainingRow
            {
                Image = Picture(1, o),
                Classes = [.. o.Select(o => names[o.Class])],
                Boxes = [.. o.SelectMany(o => new float[] { o.X, o.Y, o.X + 1, o.Y + 1 })],
            })
            .ToList();
        var view = ml.Data.LoadFromEnumerable(rows);
        var trainer = ml.NeuralNetwork(new SeamDetection(), new NeuralNetworkOptions
        {
            Network = new SeamDetector(),
            FeatureColumnName = "Image",
            LabelColumnName = "Keys",
            Image = new(3, Height, Width),
            Training = new()
            {
                Epochs = 20,
                BatchSize = 8,
                Optimizer = new Adam { LearningRate = 0.1 },
                Threads = 1,
                Device = "cpu",
            },
        });
        using var model = ml.Transforms.Conversion.MapValueToKey("Keys", "Classes").Append(trainer).Fit(view);
        var found = ml.Data.CreateEnumerable<Objects>(model.Transform(view), reuseRowObject: false).ToList();
        var key = names.Select(n => rows.SelectMany(r => r.Classes).Distinct().ToList().IndexOf(n) + 1u).ToList();
        foreach (var (row, objects) in rows.Zip(found))
        {
            var expected = row.Classes.Zip(row.Boxes.Chunk(4), (c, b) => $"{key[Array.IndexOf(names, c)]} {string.Join(' ', b)}").Order();
            Assert.Equal(
                expected,
                objects.PredictedLabel
                    .Zip(objects.PredictedBoundingBoxes.Chunk(4), (c, b) => $"{c} {string.Join(' ', b)}").Order());
        }
    }

    [Fact]
    public void What_has_no_form_for_a_line_of_text_is_refused_there()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        ml.Model.Save(NeuralNetworkTransformer.Of(ml, Package), null, folder["detector.zip"]);
        Rows[0].Image.Save(folder["picture.png"]);
        using var predictor = Predictor.Load(folder["detector.zip"]);
        var error = Assert.Throws<InvalidDataException>(() => predictor.Predict(folder["picture.png"]));
        Assert.Contains(
            "gives [D, 7] for an image, which is no prediction of one form; score it from C#",
            error.Message,
            StringComparison.Ordinal);
    }

    private static List<Objects> Predict(MLContext ml, ITransformer model) =>
        [.. ml.Data.CreateEnumerable<Objects>(model.Transform(ml.Data.LoadFromEnumerable(Rows)), reuseRowObject: false)];

    private static MLImage Picture(int scale, params (int X, int Y, int Class)[] objects)
    {
        int width = Width * scale;
        var pixels = new byte[width * Height * scale * 4];
        for (int i = 3; i < pixels.Length; i += 4)
        {
            pixels[i] = 255;
        }

        foreach (var (x, y, index) in objects)
        {
            for (int i = 0; i < scale * scale; i++)
            {
                int at = (((y * scale) + (i / scale)) * width) + (x * scale) + (i % scale);
                pixels[(at * 4) + 2 - index] = 255; // blue, green, red
            }
        }

        return MLImage.CreateFromPixels(width, Height * scale, MLPixelFormat.Bgra32, pixels);
    }

    private sealed class ImageRow
    {
        [ImageType(Height, Width)]
        public MLImage Image { get; set; } = null!;
    }

    private sealed class TrainingRow
    {
        [ImageType(Height, Width)]
        public MLImage Image { get; set; } = null!;

        public string[] Classes { get; set; } = [];

        public float[] Boxes { get; set; } = [];
    }

    private sealed record Objects
    {
        public uint[] PredictedLabel { get; set; } = [];

        public float[] PredictedBoundingBoxes { get; set; } = [];

        public float[] Score { get; set; } = [];

        public bool Equals(Objects? other) => other is not null && PredictedLabel.SequenceEqual(other.PredictedLabel)
            && PredictedBoundingBoxes.SequenceEqual(other.PredictedBoundingBoxes) && Score.SequenceEqual(other.Score);

        public override int GetHashCode() => Score.Length;
    }
}
