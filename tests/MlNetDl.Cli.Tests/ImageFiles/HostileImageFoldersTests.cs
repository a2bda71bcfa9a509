namespace MlNetDl.Cli.Tests.ImageFiles;

/// <summary>Folders as people have them: what is in them is read, or said to be left out; or the folder is refused with one message that names
/// place, cause and remedy.</summary>
public sealed class HostileImageFoldersTests : IDisposable
{
    private readonly PictureFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("train", "val", "test")]
    [InlineData("Train", "VALID", "Testing")]
    [InlineData("training", "validation", "TEST")]
    [InlineData("TRAIN", "dev", "test")]
    public void Parts_are_told_by_their_names_in_any_case(string train, string validation, string test)
    {
        folder.WithTwo($"photos/{train}").WithTwo($"photos/{validation}").With($"photos/{test}/cat", 2).With($"photos/{test}/dog", 1);
        Assert.Equal(
            $"10 examples to train on, 10 to validate with, 3 to test with\n  2 classes: cat 5, dog 5\n  validation part: 'photos/{validation}'\n"
                + "  the network takes 3x4x4, the size of all images\n  23 images, 1.1 KB decoded: kept in memory",
            folder.Said(folder.Data()));
        Assert.True(folder.Data().HasTestPart);
    }

    [Fact]
    public void A_validation_part_is_not_the_test_part()
    {
        folder.WithTwo("photos/train").WithTwo("photos/val");
        Assert.StartsWith(
            "8 examples to train on, 10 to validate with, 2 to test with\n  2 classes: cat 4, dog 4\n  validation part: 'photos/val'\n"
                + "  no test part: 0.2 of the part to train on is held out for the test",
            folder.Said(folder.Data()), StringComparison.Ordinal);
        Assert.False(folder.Data().HasTestPart);
        Assert.Null(folder.Data().TestData);
        Assert.DoesNotContain("to validate with", folder.Said(folder.Data() with { Validation = 0.3 }), StringComparison.Ordinal);
        Assert.Contains("warning: 10 images beside the folders of classes and parts are left out, such as 'val/cat/0.png'.",
            folder.Said(folder.Data() with { Validation = 0.3 }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test", "a test part")]
    [InlineData("val", "a validation part")]
    public void A_part_alone_leaves_nothing_to_train_on(string part, string called)
    {
        folder.WithTwo($"photos/{part}");
        Assert.Equal(
            $"'photos' has {called}, but no folder 'train' to train on; add one, or name the folder with the classes itself, such as data.folder: "
                + $"photos/{part}.",
            folder.Refused(folder.Data()));
    }

    [Fact]
    public void Train_alone_is_trained_on_and_tested_with() =>
        Assert.StartsWith("8 examples to train on, 2 to test with", folder.WithTwo("photos/train").Said(folder.Data()), StringComparison.Ordinal);

    [Fact]
    public void A_part_that_is_empty_or_there_twice_is_refused()
    {
        folder.WithTwo("photos/train");
        Directory.CreateDirectory(folder["photos/test/cat"]);
        Assert.Equal("The part 'photos/test' has no images; put some into it, or remove the folder.", folder.Refused(folder.Data()));
        folder.With("photos/test/cat").WithTwo("photos/val").WithTwo("photos/dev");
        Assert.Equal("'photos' has one part twice: 'dev' and 'val'; put their images together.", folder.Refused(folder.Data()));
    }

    [Fact]
    public void Classes_may_be_called_like_parts()
    {
        folder.With("photos/train").With("photos/car");
        Assert.Contains("2 classes: car 4, train 4", folder.Said(folder.Data()), StringComparison.Ordinal);
        // Two such names are parts, also beside others: images to test with are never trained on.
        folder.With("photos/test");
        Assert.Contains("train' has no images in sub-folders", folder.Refused(folder.Data()), StringComparison.Ordinal);
        folder.WithTwo("mixed").WithTwo("mixed/test");
        Assert.Equal("'mixed' has 'test', which is named like a part, beside 'cat', 'dog', but no folder 'train'; move the classes to train on into a folder "
            + "'train'.", folder.Refused(folder.Data("mixed")));
    }

    [Fact]
    public void What_lies_beside_images_is_counted()
    {
        folder.WithTwo("photos/train").With("photos/train/cat/.hidden", 2).With("photos/extra/raw", 3).WithTwo("photos/test");
        folder.Write("photos/train/cat/Thumbs.db", [1]).Write("photos/train/dog/notes.txt", [1]).Write("photos/all.zip", [1]).Write("photos/.DS_Store", [1])
            .Write("photos/__MACOSX/._1.png", [1]).Write("photos/train/dog/a.HEIC", [1]).Write("photos/train/dog/b.tif",
                [1]).Write("photos/train/9.png", folder.Picture());
        Directory.CreateDirectory(folder["photos/train/fish"]);
        Assert.Equal(
            "10 examples to train on, 10 to test with\n  2 classes: cat 5, dog 5\n"
                + "  left out: 3 files that are no images ('all.zip', 'train/cat/Thumbs.db', 'train/dog/notes.txt'); 1 folder without images ('train/fish'); "
                + "3 hidden files and folders\n  the network takes 3x4x4, the size of all images\n  20 images, 1 KB decoded: kept in memory\n"
                + "warning: 4 images beside the folders of classes and parts are left out, such as 'extra/raw/0.png'.\n"
                + "warning: 2 images of kinds that are not read are left out (.heic 1, .tif 1), such as 'train/dog/a.HEIC'; convert them to PNG or JPEG.",
            folder.Said(folder.Data()));
    }

    [Theory]
    [InlineData("photos/photos")]
    [InlineData("photos/a/b")]
    public void A_folder_in_a_folder_is_found(string inner)
    {
        folder.WithTwo(inner).Write("photos/readme.txt", [1]);
        var said = folder.Said(folder.Data());
        Assert.StartsWith("8 examples to train on, 2 to test with\n  2 classes: cat 4, dog 4\n", said, StringComparison.Ordinal);
        Assert.Contains($"'{inner}' is taken, which holds all images of 'photos'\n  left out: 1 file that is no image ('readme.txt')", said,
            StringComparison.Ordinal);
        folder.WithTwo("parts/parts/train").WithTwo("parts/parts/test");
        Assert.StartsWith("10 examples to train on, 10 to test with", folder.Said(folder.Data("parts")), StringComparison.Ordinal);
    }

    [Fact]
    public void One_class_or_none_is_refused()
    {
        folder.With("photos/cat");
        Assert.Equal("'photos' has the class 'cat' alone; a classification needs two classes or more. Put the images of each class into a folder of "
            + "its own, or train a model without labels.", folder.Refused(folder.Data()));
        Assert.StartsWith("'flat' has no images in sub-folders; expected one folder a class, such as flat/cat/1.png, with .png,",
            folder.With("flat").Refused(folder.Data("flat")), StringComparison.Ordinal);
        Directory.CreateDirectory(folder["empty"]);
        Assert.StartsWith("'empty' has no images in sub-folders; ", folder.Refused(folder.Data("empty")), StringComparison.Ordinal);
        folder.Write("heic/cat/1.heic", [1]).Write("heic/dog/1.heic", [1]);
        Assert.EndsWith("2 files (.heic 2) are of kinds that are not read; convert them to PNG or JPEG.", folder.Refused(folder.Data("heic")),
            StringComparison.Ordinal);
        Assert.Contains("does not exist", folder.Refused(folder.Data("missing")), StringComparison.Ordinal);
        Assert.StartsWith("data.folder names 'photos.zip', which is a file; unpack it",
            folder.Write("photos.zip", [1]).Refused(folder.Data("photos.zip")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cat", "cat")]
    [InlineData("caf\u00e9", "cafe\u0301")]
    public void A_class_in_two_spellings_is_refused_in_one_part_and_in_two(string one, string other)
    {
        if (OperatingSystem.IsLinux())
        {
            folder.WithTwo().With($"photos/{one}").With($"photos/{other}");
            Assert.EndsWith("differ in their spelling alone; give one class one name, in every part.", folder.Refused(folder.Data()), StringComparison.Ordinal);
        }

        folder.With($"parts/train/{one}").With("parts/train/x").With($"parts/test/{other}").With("parts/test/x");
        Assert.EndsWith("differ in their spelling alone; give one class one name, in every part.", folder.Refused(folder.Data("parts")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_of_one_part_alone_are_refused_or_said()
    {
        folder.WithTwo("photos/train").With("photos/test/cat").With("photos/test/cow");
        Assert.Equal("The test part 'photos/test' has the class 'cow', of which the part to train on has no image; it has 'cat', 'dog'. Give both "
            + "parts the same classes.", folder.Refused(folder.Data()));
        Directory.Delete(folder["photos/test/cow"], recursive: true);
        Assert.Contains("warning: the test part has no image of 'dog', so its figures say nothing of that class.", folder.Said(folder.Data()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_in_folders_are_of_the_class_or_asked_for()
    {
        folder.With("photos/cat/2021").With("photos/dog");
        var said = folder.Said(folder.Data());
        Assert.Contains("2 classes: cat 4, dog 4", said, StringComparison.Ordinal);
        Assert.Contains("warning: 'cat' in 'photos' holds folders only, such as 'cat/2021': their images are taken for images of the class 'cat'.", said,
            StringComparison.Ordinal);
        folder.WithTwo("sets/a").WithTwo("sets/b");
        Assert.Equal("The folders of 'sets' ('a', 'b') hold no images but the same folders ('cat', 'dog'): which of both are the classes? Put images "
            + "right into folders of classes; or name one of the folders, such as data.folder: sets/a.", folder.Refused(folder.Data("sets")));
    }

    [Fact]
    public void Links_are_followed_once_and_never_in_circles()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        folder.WithTwo().With("elsewhere", 3);
        Directory.CreateSymbolicLink(folder["photos/cat/up"], folder["photos"]);
        Directory.CreateSymbolicLink(folder["photos/cat/self"], folder["photos/cat"]);
        Directory.CreateSymbolicLink(folder["photos/kitty"], folder["photos/cat"]);
        Directory.CreateSymbolicLink(folder["photos/bird"], folder["elsewhere"]);
        Directory.CreateSymbolicLink(folder["elsewhere/back"], "../photos/bird");
        var said = folder.Said(folder.Data());
        Assert.Contains("3 classes: bird 2, cat 4, dog 4", said, StringComparison.Ordinal);
        Assert.Contains("4 links to folders that are read anyway, or lie above ('bird/back', 'cat/self', 'cat/up', …)", said, StringComparison.Ordinal);
        Assert.Contains("1 folder without images ('kitty')", said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_image_in_two_parts_or_two_classes_is_warned_of()
    {
        folder.WithTwo("photos/train").WithTwo("photos/test");
        File.Copy(folder["photos/train/cat/3.png"], folder["photos/test/cat/copy.png"]);
        Assert.Contains("warning: 1 image is in the test part and to train on too, byte for byte, such as 'photos/test/cat/copy.png' and "
            + "'photos/train/cat/3.png': figures of that part flatter the model; remove one of each.", folder.Said(folder.Data()), StringComparison.Ordinal);
        File.Copy(folder["photos/train/cat/3.png"], folder["photos/train/dog/copy.png"]);
        Assert.Contains("warning: 1 image is to train on twice with different labels, byte for byte, such as 'photos/train/cat/3.png' and "
            + "'photos/train/dog/copy.png'; one of the labels is wrong.", folder.Said(folder.Data()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_of_few_images_is_named_and_a_set_of_few_is_refused()
    {
        folder.WithTwo().With("photos/rare", 1);
        var said = folder.Said(folder.Data());
        Assert.Contains("'rare' 1; nothing can be learnt or told of them for sure.", said, StringComparison.Ordinal);
        Assert.Contains("warning: the test part has no image of 'rare', so its figures say nothing of that class.", said, StringComparison.Ordinal);
        folder.With("two/a", 1).With("two/b", 1);
        Assert.StartsWith("Holding out 0.2 of the few images of 'two' (2) leaves nothing to test with; take more images,", folder.Refused(folder.Data("two")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Many_classes_are_said_in_one_line()
    {
        for (int i = 0; i < 30; i++)
        {
            folder.With($"photos/{i:00}", 5 + (i % 2));
        }

        Assert.Contains("\n  30 classes: 00 4, 01 5, 02 4, 03 5, 04 4, 05 5, 06 4, 07 5 and 22 more, of 4 to 5 images\n", folder.Said(folder.Data()),
            StringComparison.Ordinal);
    }
}
