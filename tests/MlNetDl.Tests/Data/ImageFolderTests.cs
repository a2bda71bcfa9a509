using System.Diagnostics;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Tests.Images;

namespace MlNetDl.Tests.Data;

public class ImageFolderTests
{
    private const string Unknown = "the format is unknown or the file is damaged; expected PNG, JPEG, BMP, GIF or WebP.";
    private static readonly ImageInput Grey = new(1, 1, 2);

    [Fact]
    public void Classes_and_files_come_in_order_of_their_names()
    {
        using var folder = Three();
        var examples = ImageFolder.Read(folder.Path, Grey);
        Assert.Equal(["Zebra", "ant", "bee"], examples.ClassNames);
        Assert.Equal([0L, 1, 1, 2], (long[])examples.Targets!);
        Assert.Equal([9, 9, 1, 1, 2, 2, 5, 5], (byte[])examples.Features);
    }

    /// <summary>A test part without some class keeps the numbers of the training part.</summary>
    [Fact]
    public void Known_classes_keep_their_numbers()
    {
        using var folder = Three();
        Directory.Delete(folder["ant"], recursive: true);
        Assert.Equal([0L, 2], (long[])ImageFolder.Read(folder.Path, Grey, ["Zebra", "ant", "bee"]).Targets!);
        Assert.Contains(
            "'bee'",
            Assert.Throws<InvalidDataException>(() => ImageFolder.Read(folder.Path, Grey, ["Zebra", "ant"])).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Its images could not be found, and two such names can look alike.</summary>
    [Fact]
    public void A_class_whose_name_is_not_valid_UTF8_is_refused()
    {
        using var folder = Three();
        if (OperatingSystem.IsLinux())
        {
            // "café" in Latin-1.
            using var shell = Process.Start("sh", ["-c", "mkdir \"$0/$(printf 'caf\\351')\"", folder.Path]);
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
            Assert.Contains(
                "a sub-folder 'caf\uFFFD' whose name is not valid UTF-8",
                Assert.Throws<InvalidDataException>(() => ImageFolder.Read(folder.Path, Grey)).Message,
                StringComparison.Ordinal);
            Process.Start("sh", ["-c", "rmdir \"$0\"/caf*", folder.Path]).WaitForExit();
        }

        // A character that stands for what cannot be read, in a name that is valid.
        Directory.Move(folder["ant"], folder["ant\uFFFD"]);
        Assert.Equal(["Zebra", "ant\uFFFD", "bee"], ImageFolder.Read(folder.Path, Grey).ClassNames);
    }

    [Fact]
    public void A_damaged_image_is_named_or_skipped()
    {
        using var folder = Three();
        File.WriteAllText(folder["ant/1.png"], "no image");
        File.WriteAllText(folder["bee/1.png"], "no image");
        Assert.Equal(
            $"2 images cannot be read:\n  {folder["ant/1.png"]}: {Unknown}\n  {folder["bee/1.png"]}: {Unknown}",
            Assert.Throws<ImageFormatException>(() => ImageFolder.Read(folder.Path, Grey)).Message.Replace('\\', '/'));
        var skipped = new List<string>();
        var examples = ImageFolder.Read(folder.Path, Grey, skipped: e => skipped.Add(e.Message));
        Assert.Equal([0L, 1], (long[])examples.Targets!);
        Assert.Equal([9, 9, 2, 2], (byte[])examples.Features);
        Assert.Equal(2, skipped.Count);
    }

    /// <summary>One that another process holds, and on systems where anyone may make links, one whose
    /// target is gone.</summary>
    [Fact]
    public void A_file_that_cannot_be_opened_is_named_or_skipped_too()
    {
        using var folder = Three();
        using var held = new FileStream(folder["ant/1.png"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        int skips = 1;
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(folder["bee/2.png"], folder["gone.png"]);
            skips++;
        }

        Assert.Contains(
            $"{folder["ant/1.png"]}: the file cannot be read: ",
            Assert.Throws<ImageFormatException>(() => ImageFolder.Read(folder.Path, Grey)).Message,
            StringComparison.Ordinal);
        var skipped = new List<string>();
        Assert.Equal([0L, 1, 2], (long[])ImageFolder.Read(folder.Path, Grey, skipped: e => skipped.Add(e.Message)).Targets!);
        Assert.Equal(skips, skipped.Count);
    }

    [Fact]
    public void Folders_without_images_are_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<InvalidDataException>(() => ImageFolder.Read(folder.Path, Grey));
        Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.Read(folder["missing"], Grey));
        Directory.CreateDirectory(folder["a"]);
        File.WriteAllText(folder["a/1.png"], "no image");
        Assert.Throws<InvalidDataException>(() => ImageFolder.Read(folder.Path, Grey, skipped: _ => { }));
    }

    [Fact]
    public void Images_beside_sub_folders_with_images_have_no_classes_and_what_needs_them_names_both()
    {
        using var folder = Three();
        File.Copy(folder["ant/1.png"], folder["0.png"]);
        Assert.False(ImageFolder.HasClasses(folder.Path));
        Assert.Equal([1, 1, 9, 9, 1, 1, 2, 2, 5, 5], (byte[])ImageFolder.ReadWithoutClasses(folder.Path, Grey).Features);
        Assert.Contains(
            "has images in sub-folders, such as 'Zebra/1.png', and right in it, such as '0.png', so that sub-folders are no classes",
            Assert.Throws<InvalidDataException>(() => ImageFolder.Read(folder.Path, Grey)).Message.Replace('\\', '/'),
            StringComparison.Ordinal);
        // What systems keep beside images is none.
        File.Move(folder["0.png"], folder[".0.png"]);
        Assert.True(ImageFolder.HasClasses(folder.Path));
        Assert.Equal(4, ImageFolder.Read(folder.Path, Grey).Count);
    }

    [Fact]
    public void Images_may_be_read_without_classes()
    {
        using var folder = Three();
        var examples = ImageFolder.ReadWithoutClasses(folder.Path, Grey);
        Assert.Null(examples.Targets);
        Assert.Empty(examples.ClassNames);
        Assert.Equal([9, 9, 1, 1, 2, 2, 5, 5], (byte[])examples.Features);
        Assert.True(ImageFolder.HasClasses(folder.Path));
        // An image right in a folder makes all images in it and below it rows without classes.
        Assert.False(ImageFolder.HasClasses(folder["ant"]));
        Assert.False(ImageFolder.HasClasses(folder["bee"]));
        Assert.Equal([5, 5], (byte[])ImageFolder.ReadWithoutClasses(folder["bee"], Grey).Features);
        Assert.Equal(new(2, 1, IsGrey: true), ImageDecoder.HeadOf(folder["bee/1.png"]));
        Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.ReadWithoutClasses(folder["missing"], Grey));
        Assert.False(ImageFolder.HasClasses(folder["missing"]));
        File.WriteAllText(folder["bee/2.png"], "no image");
        Assert.Throws<ImageFormatException>(() => ImageFolder.ReadWithoutClasses(folder["bee"], Grey));
        Assert.Throws<ImageFormatException>(() => ImageDecoder.HeadOf(folder["bee/2.png"]));
        Assert.Equal(1, ImageFolder.ReadWithoutClasses(folder["bee"], Grey, _ => { }).Count);
        File.Delete(folder["bee/1.png"]);
        File.Delete(folder["bee/2.png"]);
        Assert.Throws<InvalidDataException>(() => ImageFolder.ReadWithoutClasses(folder["bee"], Grey));
    }

    private static TemporaryFolder Three()
    {
        var folder = new TemporaryFolder();
        foreach (var (name, value) in new[]
        {
            ("ant/1.png", 1), ("ant/sub/2.PNG", 2), ("bee/1.png", 5), ("Zebra/1.png", 9), (".hidden/1.png", 7),
            ("ant/notes.txt", 0),
        })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.WriteAllBytes(folder[name], Png.Encode(2, 1, colourType: 0, depth: 8, [(byte)value, (byte)value]));
        }

        return folder;
    }
}
