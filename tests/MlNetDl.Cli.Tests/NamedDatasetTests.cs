using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Experiments;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;

namespace MlNetDl.Cli.Tests;

public sealed class NamedDatasetTests
{
    private const string Yaml = """
        name: digits
        data: { dataset: optdigits, size: 32, take: 100 }
        network: { type: mlp, hidden: [16] }
        training: { epochs: 1, threads: 1 }
        """;

    [Fact]
    public void Take_and_size_say_how_many_and_how_large()
    {
        var loaded = Data("optdigits", size: 12, take: 100).Load(new MulticlassClassification());
        Assert.Equal("100 examples to train on, 1,797 to test with", loaded.Description);
        Assert.Equal((Shape.Image(1, 12, 12), 10), loaded.InputAndOutputs());
        Assert.Equal(Shape.Image(1, 8, 8), Data("optdigits").Load(new MulticlassClassification()).InputAndOutputs().Input);
    }

    /// <summary>A saved model scales a picture by <see cref="ImageDecoder"/>; the network was trained on the same
    /// pixels.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Scaled_images_are_those_that_a_saved_model_sees(int channels)
    {
        var random = new Random(1);
        var pixels = new byte[2 * channels * 30];
        random.NextBytes(pixels);
        var scaled = (byte[])ScaledImages.Of(new(Shape.Image(channels, 5, 6), pixels, new long[] { 0, 1 }), 16)!.Features;

        var second = pixels.AsSpan(channels * 30);
        var bgra = new byte[30 * 4];
        for (int i = 0; i < 30; i++)
        {
            (bgra[4 * i], bgra[(4 * i) + 1], bgra[(4 * i) + 2], bgra[(4 * i) + 3]) =
                (second[((channels - 1) * 30) + i], second[(channels / 2 * 30) + i], second[i], 255);
        }

        using var image = MLImage.CreateFromPixels(6, 5, MLPixelFormat.Bgra32, bgra);
        var expected = new byte[channels * 256];
        ImageDecoder.Read(image, new ImageInput(channels, 16, 16), expected);
        Assert.Equal(expected, scaled[(channels * 256)..]);
    }

    [Fact]
    public void An_image_of_one_value_keeps_it_at_any_size()
    {
        var pixels = Enumerable.Repeat((byte)137, 64).ToArray();
        var scaled = ScaledImages.Of(new(Shape.Image(1, 8, 8), pixels, new long[] { 0 }), 50)!;
        Assert.Equal(Enumerable.Repeat((byte)137, 2500), (byte[])scaled.Features);
    }

    [Fact]
    public void The_saved_model_is_evaluated_on_the_experiments_own_data()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.yaml"], Yaml);
        var result = Tool.Json("run", folder["a.yaml"], "--output", folder["run"]);
        var evaluated = Tool.Json("evaluate", folder["run/model.zip"], "--data", folder["a.yaml"]);
        Assert.Equal((double)result["metrics"]!["test"]!["accuracy"]!, (double)evaluated["accuracy"]!, 6);

        // The name alone stands for images of 8x8, which the model does not take.
        Assert.Null(Data("optdigits", size: 32).TestData);
        Assert.Equal("optdigits", Data("optdigits", take: 100).TestData);
        Assert.Contains("the model takes", Tool.Fails(1, "evaluate", folder["run/model.zip"], "--data", "optdigits"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("optdigits", null, 4000, "data.take is 4000, but the training part of 'optdigits' has 3823 examples")]
    [InlineData("xor", 32, null, "data.size is 32, but 'xor' holds no images")]
    public void What_the_data_set_cannot_give_is_refused(string name, int? size, int? take, string message) => Assert.Contains(
        message,
        Assert.Throws<InvalidDataException>(() => Data(name, size, take).Load(new MulticlassClassification())).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("data.size=0", "data.size must be 1 to 1024 but is 0")]
    [InlineData("data.size=5000", "data.size must be 1 to 1024 but is 5000")]
    [InlineData("data.take=0", "data.take must be 1 or more")]
    public void Ranges_are_checked_before_data_is_read(string change, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.yaml"], Yaml);
        Assert.Contains(
            message,
            Assert.Throws<ConfigurationException>(() => Experiment.Load(folder["a.yaml"], change)).Message,
            StringComparison.Ordinal);
    }

    private static NamedDataset Data(string name, int? size = null, int? take = null) => new()
    {
        Dataset = name,
        Size = size,
        Take = take,
    };
}
