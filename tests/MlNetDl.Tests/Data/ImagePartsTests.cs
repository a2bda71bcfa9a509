using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Tests.Images;

namespace MlNetDl.Tests.Data;

/// <summary>Parts of a folder of images, as a C# program finds and reads them.</summary>
public sealed class ImagePartsTests : IDisposable
{
    private static readonly ImageInput Grey = new(1, 1, 2);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Parts_are_found_and_read_with_the_classes_of_the_training()
    {
        foreach (var name in new[] { "Train/ant/1.png", "Train/bee/1.png", "VAL/bee/1.png" })
        {
            Picture(name);
        }

        var parts = ImageParts.Of(folder.Path);
        Assert.Equal((folder["Train"], folder["VAL"], null), (parts.Train, parts.Validation, parts.Test));
        Assert.True(parts.HasParts);
        var train = ImageFolder.Read(parts.Train!, Grey);
        Assert.Equal([1L], (long[])ImageFolder.Read(parts.Validation!, Grey, train.ClassNames).Targets!);
        Assert.Equal((1, 0), (ImageParts.PartOf(" Dev "), ImageParts.PartOf("training")));
        Assert.Null(ImageParts.PartOf("later"));
    }

    [Fact]
    public void A_folder_without_parts_is_trained_on_whole()
    {
        Picture("ant/1.png");
        Picture("bee/1.png");
        var parts = ImageParts.Of(folder.Path);
        Assert.Equal((folder.Path, folder.Path, false), (parts.Root, parts.Train, parts.HasParts));
        Assert.Throws<DirectoryNotFoundException>(() => ImageParts.Of(folder["missing"]));
    }

    /// <summary>Names of folders with images right in them; one that is called like a part may be a class, two are parts.</summary>
    [Theory]
    [InlineData("train,car", "")]
    [InlineData("Test,car,bus", "")]
    [InlineData("train,training,car", "")]
    [InlineData("train,test", "train,,test")]
    [InlineData("train,Testing,car", "train,,Testing")]
    [InlineData("TRAIN,dev,bus,car", "TRAIN,dev,")]
    public void Two_folders_that_are_called_like_parts_are_parts_also_beside_others(string names, string parts)
    {
        foreach (var name in names.Split(','))
        {
            Picture($"{name}/1.png");
        }

        var found = ImageParts.Of(folder.Path);
        Assert.Equal(parts.Length > 0, found.HasParts);
        Assert.Equal(parts.Length == 0 ? $"{folder.Path},," : string.Join(',', parts.Split(',').Select(p => p.Length == 0 ? "" : folder[p])),
            $"{found.Train},{found.Validation},{found.Test}");
    }

    [Theory]
    [InlineData("val,test,car", "but no folder 'train'")]
    [InlineData("train,training", "has one part twice: 'train' and 'training'")]
    [InlineData("train,val,dev", "has one part twice: 'dev' and 'val'")]
    public void Parts_that_cannot_be_told_are_refused(string names, string message)
    {
        foreach (var name in names.Split(','))
        {
            Picture($"{name}/1.png");
        }

        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => ImageParts.Of(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_lies_beside_images_is_told()
    {
        Picture("ant/1.png");
        Picture("2.png");
        File.WriteAllText(folder["notes.txt"], "");
        File.WriteAllText(folder["scan.TIFF"], "");
        Directory.CreateDirectory(folder["empty"]);
        var content = ImageFolder.Look(folder.Path);
        Assert.Equal([folder["2.png"]], content.Beside);
        Assert.Equal([folder["notes.txt"]], content.Others);
        Assert.Equal([folder["scan.TIFF"]], content.Unread);
        Assert.Equal(["empty"], content.EmptyFolders);
        Assert.Equal([folder["2.png"], folder["ant/1.png"]], content.Unlabelled());
    }

    [Fact]
    public void Files_are_decoded_and_told_apart()
    {
        Picture("1.png");
        File.Copy(folder["1.png"], folder["2.png"]);
        File.WriteAllText(folder["3.png"], "no image");
        var decoded = ImageFiles.Read([folder["1.png"], folder["2.png"], folder["3.png"]], Grey);
        Assert.Equal([5, 5, 5, 5, 0, 0], (byte[])decoded.Examples.Features);
        Assert.Equal(decoded.Digests[0], decoded.Digests[1]);
        Assert.Equal([true, true, false], decoded.Problems.Select(p => p is null));
        Assert.Equal([new(2, 1, true), new(2, 1, true), null], ImageFiles.Heads([folder["1.png"], folder["2.png"], folder["3.png"]]));
    }

    private void Picture(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        File.WriteAllBytes(folder[name], Png.Encode(2, 1, colourType: 0, depth: 8, [5, 5]));
    }
}
