using Microsoft.ML;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Tests.Images;
using MlNetDl.Training;
using MlNetDl.Training.Augmentation;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Data;

/// <summary>Images beyond a budget of memory are decoded when they are needed, and give the same as images in memory.</summary>
[Collection("torch")]
public sealed class ImageMemoryTests : IDisposable
{
    private const int Count = 20, Size = 4 * 4, Whole = 3 * Count * Size;
    private static readonly ImageInput Grey = new(1, 4, 4);
    private readonly TemporaryFolder folder = new();

    public ImageMemoryTests()
    {
        var random = new Random(1);
        var pixels = new byte[Size];
        for (int i = 0; i < Count; i++)
        {
            random.NextBytes(pixels);
            var file = folder[$"{(i % 2 == 0 ? "cat" : "dog")}/{i:00}.png"];
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, Png.Encode(4, 4, colourType: 0, depth: 8, pixels));
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0, 0)]
    [InlineData((7 * Size) + 3, 7)]
    [InlineData((Count * Size) - 1, Count - 1)]
    [InlineData(Count * Size, Count)]
    [InlineData(Whole, Count)]
    public void As_many_are_held_as_fit_and_the_others_are_decoded_once_an_epoch(int bytes, int held)
    {
        var examples = Read(bytes);
        Assert.Equal((Count, held), (examples.Count, examples.HeldCount));
        // Parts of an array are copies, for which there must be room too.
        Assert.Equal(bytes < Whole ? 0 : Count * Size, examples.Features.Length);
        using var batches = new TensorBatches(examples, batchSize: 6, shuffleSeed: 1);
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            Assert.Equal(4, batches.Epoch(epoch).Count());
            Assert.Equal(epoch * (Count - held), examples.Images?.Store.Decodes ?? 0);
        }
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(3, 0)]
    [InlineData(3, 2)]
    public void Batches_are_the_same(int? seed, int skip)
    {
        using var held = new TensorBatches(Read(Whole), 6, seed, augment: Shifted);
        using var streamed = new TensorBatches(Read(5 * Size), 6, seed, augment: Shifted);
        Assert.Equal(4 - skip, held.Epoch(1, skip).Count());
        foreach (var (expected, found) in held.Epoch(1, skip).Zip(streamed.Epoch(1, skip)))
        {
            Assert.Equal(expected.Inputs[0].dtype, found.Inputs[0].dtype);
            Assert.True(expected.Inputs[0].equal(found.Inputs[0]).all().item<bool>());
            Assert.True(expected.Target!.equal(found.Target!).all().item<bool>());
            Assert.True(expected.Rows!.equal(found.Rows!).all().item<bool>());
        }

        Batch Shifted(Batch batch, Random random) => new RandomCrop { Padding = 1 }.Apply(batch, random);
    }

    [Fact]
    public void A_training_and_its_scores_are_the_same_bit_for_bit()
    {
        var (held, streamed) = (Trained(Whole), Trained(3 * Size));
        Assert.Equal(held.Package.Manifest.Trainings[0].Validation, streamed.Package.Manifest.Trainings[0].Validation);
        Assert.Equal(held.Score(Read(Whole)), streamed.Score(Read(0)));

        NeuralNetworkTransformer Trained(int bytes) => new MLContext(seed: 1).MulticlassClassification.Trainers.NeuralNetwork(new()
        {
            Network = new Mlp { Hidden = [4] },
            Image = Grey,
            FeatureColumnName = "Image",
            Training = new() { Epochs = 3, BatchSize = 4, Threads = 1, ValidationFraction = 0.2 },
        }).Fit(Read(bytes));
    }

    [Fact]
    public void Parts_and_single_rows_are_the_same()
    {
        var (held, streamed) = (Read(Whole), Read(3 * Size));
        Assert.Equal(Features(held.Where(i => i % 3 == 0)), Features(streamed.Where(i => i % 3 == 0)));
        var row = new float[Size];
        foreach (int i in new[] { 19, 2, 7, 8, 9, 0 })
        {
            streamed.CopyTo(i, 1, row);
            Assert.Equal(Features(held)[(i * Size)..((i + 1) * Size)], row);
        }

        // One reader after the other has them decoded side by side, but each one once.
        var fresh = Read(3 * Size);
        for (int i = 0; i < Count; i++)
        {
            fresh.CopyTo(i, 1, row);
        }

        Assert.Equal(Count - 3, fresh.Images!.Store.Decodes);

        static float[] Features(Examples examples)
        {
            var all = new float[examples.Count * Size];
            examples.CopyTo(0, examples.Count, all);
            return all;
        }
    }

    [Fact]
    public void Who_stops_early_has_decoded_two_batches_ahead_at_most()
    {
        var examples = Read(0);
        using var batches = new TensorBatches(examples, batchSize: 2);
        Assert.Equal(2, batches.Epoch(0).First().Count);
        Assert.InRange(examples.Images!.Store.Decodes, 2, 6);
    }

    [Fact]
    public void A_file_that_has_changed_or_gone_is_refused_by_its_name()
    {
        var examples = Read(0);
        using var batches = new TensorBatches(examples, batchSize: 6);
        File.Copy(folder["cat/02.png"], folder["cat/04.png"], overwrite: true);
        Assert.Equal($"Image '{folder["cat/04.png"]}': the file has changed since it was first read; images that are streamed must stay as they are until "
            + "the training has ended.", Assert.Throws<ImageFormatException>(() => batches.Epoch(0).Count()).Message);
        File.Delete(folder["cat/04.png"]);
        Assert.Contains("cat/04.png': the file cannot be read: it does not exist",
            Assert.Throws<ImageFormatException>(() => batches.Epoch(0).Count()).Message.Replace('\\', '/'), StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_is_shared_and_that_of_the_machine_is_a_part_of_its_memory()
    {
        var budget = new MemoryBudget(15 * Size);
        Assert.Equal((10, 5), (Read("cat"), Read("dog")));
        Assert.InRange(MemoryBudget.OfMachine().Bytes, 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryBudget(-1));

        int Read(string name) => ImageFolder.ReadWithoutClasses(folder[name], Grey, budget: budget).HeldCount;
    }

    [Fact]
    public void A_batch_of_huge_images_that_no_array_can_hold_is_refused_before_one_is_decoded()
    {
        var huge = new ImageInput(3, 20_000, 30_000);
        var images = new StoredImages(new ImageStore(["none.png", "none.png", "none.png"], huge, [], new UInt128[3]), [0, 1, 2]);
        var examples = new Examples(Shape.Image(3, huge.Height, huge.Width), Array.Empty<byte>()) { Images = images };
        Assert.Equal("A batch of 3 images of 1,800,000,000 bytes each is larger than an array can be; let training.batchSize be 1 at most, or take smaller "
            + "images.", Assert.Throws<ArgumentException>(() => new TensorBatches(examples, batchSize: 64)).Message);
        Assert.Equal(3, new TensorBatches(examples, batchSize: 1).BatchCount);
        Assert.Equal(1, images.MostAtOnce);
    }

    private Examples Read(int bytes) => ImageFolder.Read(folder.Path, Grey, budget: new(bytes));
}
