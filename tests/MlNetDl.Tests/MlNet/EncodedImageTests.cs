using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetDl.Images;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Tests.Images;

namespace MlNetDl.Tests.MlNet;

/// <summary>Columns of bytes that are the files of images, as a database or a web request gives them.</summary>
[Collection("torch")]
public sealed class EncodedImageTests
{
    private static readonly byte[][] Files = [Pictures.ProgressiveJpeg, Pictures.GreyJpeg, Pictures.OneBitPng, Pictures.TransparentPalettePng];
    private readonly MLContext ml = new(seed: 1);

    [Fact]
    public void Files_train_and_score_as_their_decoded_images_do()
    {
        using var folder = new TemporaryFolder();
        var data = Data(Files);
        var decoded = ml.Data.LoadFromEnumerable(Files.Select((f, i) => new Decoded { Photo = ImageDecoder.Load(f), Label = i }).ToList());
        var trainer = ml.Regression.Trainers.NeuralNetwork(Options);
        LabelTypesTests.AssertForetold(trainer, data, trainer.Fit(data));
        var model = trainer.Fit(data);
        Assert.Equal(model.Package.Graphs["model"], trainer.Fit(decoded).Package.Graphs["model"]);
        ml.Model.SaveAtomically(model, data.Schema, folder["model.zip"]);
        var loaded = ml.Model.Load(folder["model.zip"], out _);
        var scores = TrainerContractTests.Scores(loaded.Transform(data));
        Assert.Equal(Files.Length, scores.Distinct().Count());
        Assert.Equal(scores, TrainerContractTests.Scores(loaded.Transform(decoded)));
        using var engine = ml.Model.CreatePredictionEngine<Encoded, Value>(loaded);
        Assert.All(Files.Zip(scores), f => Assert.Equal(f.Second, engine.Predict(new() { Photo = f.First }).Score, 1e-4f));
    }

    [Fact]
    public void A_row_without_an_image_that_can_be_read_is_named()
    {
        var trainer = ml.Regression.Trainers.NeuralNetwork(Options);
        var model = trainer.Fit(Data(Files));
        foreach (var (bytes, word) in ((byte[]?, string)[])[
            (null, "there are no bytes"), ([], "there are no bytes"), ([1, 2, 3], "unknown"), (Huge(), "it claims 30000 x 30000 pixels")])
        {
            var data = Data([Files[0], Files[1], bytes!]);
            foreach (var error in (Exception[])[
                Assert.Throws<ImageFormatException>(() => trainer.Fit(data)),
                Assert.Throws<ImageFormatException>(() => TrainerContractTests.Scores(model.Transform(data)))])
            {
                Assert.StartsWith("Image 'Photo, row 3': ", error.Message, StringComparison.Ordinal);
                Assert.Contains(word, error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Bytes_that_nobody_calls_images_are_refused()
    {
        var options = Options;
        options.Image = null;
        var trainer = ml.Regression.Trainers.NeuralNetwork(options);
        Assert.Contains("the option Image", Assert.Throws<ArgumentException>(() => trainer.Fit(Data(Files))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "the option Image",
            Assert.Throws<ArgumentException>(() => ml.Transforms.CopyColumns("Other", "Photo").Append(trainer).Fit(Data(Files))).Message,
            StringComparison.Ordinal);
    }

    private static NeuralNetworkOptions Options => new()
    {
        Network = new Mlp { Hidden = [4] },
        FeatureColumnName = "Photo",
        Image = new(3, 5, 6),
        Training = new() { Epochs = 2, BatchSize = 2 },
    };

    private IDataView Data(IEnumerable<byte[]> files) =>
        ml.Data.LoadFromEnumerable(files.Select((f, i) => new Encoded { Photo = f, Label = i }).ToList());

    // A head of 30,000 x 30,000 grey pixels and nothing behind it.
    private static byte[] Huge()
    {
        var png = Png.Encode(1, 1, 0, 8, [0]);
        (png[18], png[19], png[22], png[23]) = (0x75, 0x30, 0x75, 0x30);
        var crc = new System.IO.Hashing.Crc32();
        crc.Append(png.AsSpan(12, 17));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), crc.GetCurrentHashAsUInt32());
        return png;
    }

    private sealed class Encoded
    {
        public byte[] Photo { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Decoded
    {
        [ImageType(1, 1)]
        public MLImage Photo { get; set; } = null!;

        public float Label { get; set; }
    }

    private sealed class Value
    {
        public float Score { get; set; }
    }
}
