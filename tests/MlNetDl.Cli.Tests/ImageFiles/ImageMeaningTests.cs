using MlNetDl.Experiments;
using MlNetDl.Tasks;

namespace MlNetDl.Cli.Tests.ImageFiles;

/// <summary>What folders of images mean for a task, and what images become where nobody says it.</summary>
public sealed class ImageMeaningTests : IDisposable
{
    private readonly PictureFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Yes_and_no_are_two_folders_and_which_is_which_is_said_or_asked_for()
    {
        folder.WithTwo();
        var binary = new BinaryClassification();
        Assert.Equal("'photos' has 'cat' and 'dog': which one is the positive one? Write data.positive: cat, or data.positive: dog.",
            folder.Refused(folder.Data(), binary));
        Assert.Contains("2 classes: cat 4, dog 4; positive: 'dog'", folder.Said(folder.Data() with { Positive = "dog" }, binary), StringComparison.Ordinal);
        Assert.Contains("data.positive: cow names no class of 'photos'", folder.Refused(folder.Data() with { Positive = "cow" }, binary),
            StringComparison.Ordinal);
        folder.With("words/no").With("words/yes");
        Assert.Contains("positive: 'yes'", folder.Said(folder.Data("words"), binary), StringComparison.Ordinal);
        folder.With("words/maybe");
        Assert.Contains("has 3 classes ('maybe', 'no', 'yes'), but a task of yes and no needs two", folder.Refused(folder.Data("words"), binary),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_may_say_which_images_are_strange()
    {
        folder.With("photos/train/good").With("photos/test/good").With("photos/test/broken", 2);
        var data = folder.Data() with { Positive = "broken" };
        var test = ((LoadedExamples)data.Load(new AnomalyDetection())).Parts.Test;
        Assert.Equal(2, ((float[])test.Targets!).Sum());
        Assert.Null(data.TestData);
        Assert.Contains("warning: 1 image of 'broken' is strange, but trained on as if it were normal; put such images into the test part alone.",
            folder.With("photos/train/broken", 1).Said(data, new AnomalyDetection()), StringComparison.Ordinal);
    }

    /// <summary>A sweep asks before its workers start.</summary>
    [Fact]
    public void Data_is_refused_without_opening_an_image()
    {
        folder.With("photos/train/cat").With("photos/train/dog").Write("photos/test/cow/1.png", []);
        Assert.Contains("has the class 'cow', of which the part to train on has no image",
            Assert.Throws<InvalidDataException>(() => folder.Data().Check(new MulticlassClassification())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_names_of_folders_may_be_amounts()
    {
        folder.With("ages/7").With("ages/12.5");
        var loaded = folder.Data("ages").Load(new Regression());
        Assert.Equal([7, 12.5f], ((float[])((LoadedExamples)loaded).Parts.Train.Targets!).Distinct().Order());
        Assert.Contains("has the label 'cat', but a regression needs numbers", folder.WithTwo().Refused(folder.Data(), new Regression()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_asked_for_follows_from_the_images_and_is_said()
    {
        Assert.Contains("all images to train on are grey: the network takes 1x4x4; data.image.channels: 3 takes three channels",
            folder.With("grey/a", 5, colourType: 0).With("grey/b", 5, colourType: 0).Said(folder.Data("grey")), StringComparison.Ordinal);
        Assert.Contains("5 of 15 images are grey, and get three equal channels",
            folder.With("some/a", 5, colourType: 0).With("some/b", 10).Said(folder.Data("some")), StringComparison.Ordinal);
        Assert.Contains("all 10 images have colours, and become grey",
            folder.WithTwo().Said(folder.Data() with { Image = new ImageOptions { Channels = 1 } }), StringComparison.Ordinal);
        folder.Write("photos/cat/large.png", folder.Picture(side: 80));
        var said = folder.Said(folder.Data());
        Assert.Contains("the network takes 3x64x64", said, StringComparison.Ordinal);
        Assert.Contains("warning: all 11 images are scaled to 64x64 pixels, which the model takes, from 4x4 (10), 80x80 (1). Nobody asked for that "
            + "size: data.image sets another one, such as { height: 128, width: 128 }.", said, StringComparison.Ordinal);
        Assert.Equal((3, 8, 8), Size(new() { Height = 8 }));
        Assert.Equal((1, 8, 6), Size(new Images.ImageInput(1, 8, 6)));

        (int, int, int) Size(ImageOptions image)
        {
            var shape = (folder.Data() with { Image = image }).Load(new MulticlassClassification()).InputAndOutputs().Input;
            return (shape.Size(1), shape.Size(2), shape.Size(3));
        }
    }

    [Fact]
    public void Validation_may_be_a_folder_elsewhere()
    {
        folder.WithTwo().WithTwo("more");
        Assert.StartsWith("8 examples to train on, 10 to validate with, 2 to test with\n  2 classes: cat 4, dog 4\n  validation part: 'more'\n",
            folder.Said(folder.Data() with { Validation = folder["more"] }), StringComparison.Ordinal);
        Assert.Contains("data.validation names the folder 'no', which does not exist.", folder.Refused(folder.Data() with { Validation = folder["no"] }),
            StringComparison.Ordinal);
        Assert.Contains("has the class 'cow', of which the part to train on has no image",
            folder.With("more/cow").Refused(folder.Data() with { Validation = folder["more"] }), StringComparison.Ordinal);
    }

    /// <summary>The memory that images may take changes nothing but the time.</summary>
    [Fact]
    public void Images_beyond_a_budget_are_decoded_in_every_epoch_and_the_training_is_the_same()
    {
        folder.WithTwo("photos/train").WithTwo("photos/val").WithTwo("photos/test");
        var data = folder.Data() with { MemoryBudgetMB = 0 };
        Assert.EndsWith("30 images, 1.4 KB decoded, more than the 0 KB that they may take (data.memoryBudgetMB): all are decoded again in every epoch",
            folder.Said(data), StringComparison.Ordinal);
        Assert.EndsWith("30 images, 1.4 KB decoded: kept in memory", folder.Said(folder.Data()), StringComparison.Ordinal);
        var half = ImageNotes.Memory([Some(0), Some(10 * 48)], new MlNetDl.Data.MemoryBudget(2_000_000));
        Assert.Equal("20 images, 1 KB decoded, more than the 2 MB that they may take (data.memoryBudgetMB): 10 images are kept in memory, the others are "
            + "decoded again in every epoch", half);
        File.WriteAllText(folder["photos.yaml"], $$"""
            name: photos
            task: multiclass
            data: { folder: '{{folder["photos"]}}' }
            network: { type: mlp, hidden: [4] }
            training: { epochs: 3, batchSize: 4, threads: 1, augmentations: [{ type: randomCrop, padding: 1 }] }
            """);
        var held = Tool.Json("run", folder["photos.yaml"], "--output", folder["held"]);
        var streamed = Tool.Json("run", folder["photos.yaml"], "--output", folder["streamed"], "data.memoryBudgetMB=0");
        Assert.Equal(held["metrics"]!.ToJsonString(), streamed["metrics"]!.ToJsonString());
        Assert.Equal(File.ReadAllBytes(folder["held/model.onnx"]), File.ReadAllBytes(folder["streamed/model.onnx"]));
        // It is the same run, so it may go on with another budget.
        Assert.Contains("done already", Tool.Run("run", folder["photos.yaml"], "--output", folder["held"], "data.memoryBudgetMB=0").Output,
            StringComparison.Ordinal);

        MlNetDl.Data.Examples Some(int bytes) =>
            MlNetDl.Data.ImageFolder.Read(folder["photos/train"], new(3, 4, 4), budget: new(bytes));
    }
}
