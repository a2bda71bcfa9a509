using MlNetDl.Images;

namespace MlNetDl.Data;

/// <summary>Reads images from a folder: one that has a sub-folder for each class, or one without classes.</summary>
public static class ImageFolder
{
    /// <summary>Whether a file is an image, as far as its extension tells.</summary>
    public static bool IsImage(string file) => ImageKinds.IsRead(file);

    /// <summary>The images below a folder, in ordinal order of their paths. The extension tells an image; hidden files
    /// and folders are left out. Empty where the folder does not exist.</summary>
    public static IReadOnlyList<string> Images(string folder) => Directory.Exists(folder) ? Look(folder).Images : [];

    /// <summary>Whether images lie in sub-folders alone, which then are classes. Not, where an image lies right in the folder, where there are
    /// none, and where the folder does not exist.</summary>
    public static bool HasClasses(string folder) => Directory.Exists(folder) && Look(folder).HasClasses;

    /// <summary>Looks at a folder, and all below it, without opening a file. Links to folders are followed, each folder once.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="InvalidDataException">A folder cannot be opened, or has a name that is not valid UTF-8.</exception>
    public static ImageFolderContent Look(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The image folder '{folder}' does not exist.");
        }

        var walk = new ImageWalk(folder);
        var files = walk.Images.Order(StringComparer.Ordinal).GroupBy(f => ClassOf(folder, f)).ToDictionary(g => g.Key, g => g.ToList());
        return new()
        {
            Folder = folder,
            Classes = [.. files.Where(c => c.Key.Length > 0).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => new ImageClass(c.Key, c.Value))],
            Beside = files.GetValueOrDefault("", []),
            EmptyFolders = [.. ImageWalk.Folders(folder).Select(f => Path.GetFileName(f)).Where(name => !files.ContainsKey(name))],
            Others = [.. walk.Others.Where(f => !ImageKinds.IsUnread(f)).Order(StringComparer.Ordinal)],
            Unread = [.. walk.Others.Where(ImageKinds.IsUnread).Order(StringComparer.Ordinal)],
            Loops = [.. walk.Loops.Order(StringComparer.Ordinal)],
            Hidden = walk.Hidden,
        };
    }

    /// <summary>The files below a folder with their classes. Each class's files are in ordinal order of their
    /// paths.</summary>
    /// <param name="folder">The folder; each sub-folder with images is a class.</param>
    /// <param name="known">The classes in the order of their indices; <see langword="null"/> takes the sub-folders in
    /// ordinal order. A test part must be given the classes of the training part.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="InvalidDataException">There are no sub-folders with images, or images right in the folder beside them; or a sub-folder
    /// is not among the known classes, is spelt in two ways, cannot be opened, or has a name that is not valid UTF-8.</exception>
    public static (IReadOnlyList<(string Path, int Class)> Files, ValueList<string> Classes) List(
        string folder, ValueList<string>? known = null)
    {
        var content = Look(folder);
        var labelled = content.Labelled(known);
        return content.Beside.Count == 0 ? labelled : throw new InvalidDataException(
            $"The folder '{folder}' has images in sub-folders, such as '{Path.GetRelativePath(folder, labelled.Files[0].Path)}', "
                + $"and right in it, such as '{Path.GetFileName(content.Beside[0])}', so that sub-folders are no classes; move the latter into the folder of "
                + "their class, or elsewhere.");
    }

    /// <summary>Reads all images at one size.</summary>
    /// <param name="folder">The folder; each sub-folder is a class.</param>
    /// <param name="input">The size and colours wanted.</param>
    /// <param name="known">The classes, as in <see cref="List"/>.</param>
    /// <param name="skipped">Called for each image that cannot be read, in the order of files; the image is left out.
    /// Without it, such images are an error.</param>
    /// <param name="budget">The memory that decoded images may take, as in <see cref="ImageFiles.Read"/>.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="InvalidDataException">There are no readable images, or <see cref="List"/> refuses the folder.</exception>
    /// <exception cref="ImageFormatException">Images or their files cannot be read; the message names the files.</exception>
    public static Examples Read(
        string folder,
        ImageInput input,
        ValueList<string>? known = null,
        Action<ImageFormatException>? skipped = null,
        MemoryBudget? budget = null)
    {
        var (files, classes) = List(folder, known);
        return Readable(folder, [.. files.Select(f => f.Path)], input, skipped, budget, all => all with
        {
            Targets = files.Select(f => (long)f.Class).ToArray(),
            ClassNames = classes,
        });
    }

    /// <summary>Reads all images below a folder at one size, for models that are trained without classes. Folders in it are no
    /// classes then; there are no targets.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="input">The size and colours wanted.</param>
    /// <param name="skipped">Called for each image that cannot be read, as in <see cref="Read"/>.</param>
    /// <param name="budget">The memory that decoded images may take, as in <see cref="ImageFiles.Read"/>.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="InvalidDataException">There are no readable images.</exception>
    /// <exception cref="ImageFormatException">Images or their files cannot be read; the message names the files.</exception>
    public static Examples ReadWithoutClasses(
        string folder, ImageInput input, Action<ImageFormatException>? skipped = null, MemoryBudget? budget = null) =>
        Readable(folder, Look(folder).Unlabelled(), input, skipped, budget, all => all);

    // The name of the sub-folder; empty for an image right in the folder.
    private static string ClassOf(string folder, string file)
    {
        var inside = file.AsSpan(folder.Length).TrimStart([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar]);
        int end = inside.IndexOfAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        return end < 0 ? "" : inside[..end].ToString();
    }

    private static Examples Readable(
        string folder,
        IReadOnlyList<string> files,
        ImageInput input,
        Action<ImageFormatException>? skipped,
        MemoryBudget? budget,
        Func<Examples, Examples> labelled)
    {
        var decoded = ImageFiles.Read(files, input, budget);
        var problems = decoded.Problems.OfType<ImageFormatException>().ToList();
        if (skipped is null && problems.Count > 0)
        {
            throw ImageFormatException.Of(problems);
        }

        problems.ForEach(p => skipped!(p));
        var readable = labelled(decoded.Examples).Where(i => decoded.Problems[i] is null);
        return readable.Count > 0 ? readable : throw new InvalidDataException($"None of the {files.Count} images in '{folder}' can be read.");
    }
}
