using MlNetDl.Images;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Data;

/// <summary>Reads images from a folder: one that has a sub-folder for each class, or one without classes.</summary>
public static class ImageFolder
{
    private static readonly HashSet<string> Extensions = new(
        StringComparer.OrdinalIgnoreCase) { ".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp" };

    // Systems and tools keep files of their own beside images: thumbnails, resource forks (._1.png), checkpoints. Their
    // names begin with a dot.
    private static readonly EnumerationOptions AllButHidden = Options(recurses: true), RightInIt = Options(recurses: false);

    /// <summary>The images below a folder, in ordinal order of their paths. The extension tells an image; hidden files
    /// and folders are left out. Empty where the folder does not exist.</summary>
    public static IReadOnlyList<string> Images(string folder) => Directory.Exists(folder)
        ? [.. Found(folder, AllButHidden).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Whether images lie in sub-folders alone, which then are classes. Not, where an image lies right in the folder, where there are
    /// none, and where the folder does not exist.</summary>
    public static bool HasClasses(string folder) => Directory.Exists(folder) && !Beside(folder).Any()
        && Directory.EnumerateDirectories(folder).Any(d => !Path.GetFileName(d).StartsWith('.') && (!Directory.Exists(d) || Images(d).Count > 0));

    /// <summary>The files below a folder with their classes. Each class's files are in ordinal order of their
    /// paths.</summary>
    /// <param name="folder">The folder; each sub-folder that is not hidden is a class.</param>
    /// <param name="known">The classes in the order of their indices; <see langword="null"/> takes the sub-folders in
    /// ordinal order. A test part must be given the classes of the training part.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="InvalidDataException">There are no sub-folders with images, or images right in the folder beside them; or a sub-folder
    /// is not among the known classes or has a name that is not valid UTF-8.</exception>
    public static (IReadOnlyList<(string Path, int Class)> Files, ValueList<string> Classes) List(
        string folder, ValueList<string>? known = null)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The image folder '{folder}' does not exist.");
        }

        var found = Directory.GetDirectories(folder)
            .Select(d => Path.GetFileName(d))
            .Where(d => !d.StartsWith('.'))
            .Order(StringComparer.Ordinal).ToValueList();
        if (found.FirstOrDefault(d => !Directory.Exists(Path.Combine(folder, d))) is { } unreadable)
        {
            throw new InvalidDataException($"The folder '{folder}' has a sub-folder '{unreadable}' whose name is not valid UTF-8, so that "
                + $"it cannot be opened by name; rename it.");
        }

        var classes = known ?? found;
        if (found.Except(classes).FirstOrDefault() is { } unknown)
        {
            throw new InvalidDataException($"The folder '{folder}' has a class '{unknown}', which is not known; known "
                + $"are: {string.Join(", ", classes)}.");
        }

        var files = classes.SelectMany((name, index) => Images(Path.Combine(folder, name)).Select(f => (f, index))).ToList();
        if (files.Count == 0)
        {
            throw new InvalidDataException($"'{folder}' has no images in sub-folders; expected one folder a class, "
                + $"such as {folder}/cat/1.png, with {string.Join(", ", Extensions)} files.");
        }

        if (Beside(folder).Order(StringComparer.Ordinal).FirstOrDefault() is { } beside)
        {
            throw new InvalidDataException($"The folder '{folder}' has images in sub-folders, such as '{Path.GetRelativePath(folder, files[0].f)}', "
                + $"and right in it, such as '{Path.GetFileName(beside)}', so that sub-folders are no classes; move the latter into the folder of their "
                + "class, or elsewhere.");
        }

        return (files, classes);
    }

    // Images that lie right in a folder.
    private static IEnumerable<string> Beside(string folder) => Found(folder, RightInIt);

    private static IEnumerable<string> Found(string folder, EnumerationOptions options) => Directory.EnumerateFiles(folder, "*", options)
        .Where(f => !Path.GetFileName(f).StartsWith('.') && Extensions.Contains(Path.GetExtension(f)));

    /// <summary>Reads all images at one size.</summary>
    /// <param name="folder">The folder; each sub-folder is a class.</param>
    /// <param name="input">The size and colours wanted.</param>
    /// <param name="known">The classes, as in <see cref="List"/>.</param>
    /// <param name="skipped">Called for each image that cannot be read, in the order of files; the image is left out.
    /// Without it, such an image is an error.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="InvalidDataException">There are no readable images, or a sub-folder is not among
    /// the known classes.</exception>
    /// <exception cref="ImageFormatException">An image or its file cannot be read; the message
    /// names the file.</exception>
    public static Examples Read(
        string folder, ImageInput input, ValueList<string>? known = null, Action<ImageFormatException>? skipped = null)
    {
        var (files, classes) = List(folder, known);
        var all = Decoded(folder, [.. files.Select(f => f.Path)], input, skipped, out var damaged) with
        {
            Targets = files.Select(f => (long)f.Class).ToArray(),
            ClassNames = classes,
        };
        return Readable(folder, all, damaged);
    }

    /// <summary>Reads all images below a folder at one size, for models that are trained without classes. Folders in it are no
    /// classes then; there are no targets.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="input">The size and colours wanted.</param>
    /// <param name="skipped">Called for each image that cannot be read, as in <see cref="Read"/>.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="InvalidDataException">There are no readable images.</exception>
    /// <exception cref="ImageFormatException">An image or its file cannot be read; the message names the file.</exception>
    public static Examples ReadWithoutClasses(string folder, ImageInput input, Action<ImageFormatException>? skipped = null)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The image folder '{folder}' does not exist.");
        }

        var files = Images(folder);
        if (files.Count == 0)
        {
            throw new InvalidDataException($"'{folder}' has no images; expected {string.Join(", ", Extensions)} files right in it, or in one folder "
                + $"a class, such as {folder}/cat/1.png.");
        }

        return Readable(folder, Decoded(folder, files, input, skipped, out var damaged), damaged);
    }

    private static Examples Decoded(
        string folder, IReadOnlyList<string> files, ImageInput input, Action<ImageFormatException>? skipped, out ImageFormatException?[] damaged)
    {
        int size = input.Channels * input.Height * input.Width;
        if ((long)files.Count * size > Array.MaxLength)
        {
            throw new InvalidDataException($"'{folder}' has {files.Count} images of {size} bytes each; together they "
                + $"may have {Array.MaxLength} bytes. Take a smaller size, or stream them through an IDataView.");
        }

        var pixels = new byte[files.Count * size];
        var found = new ImageFormatException?[files.Count];
        Parallel.For(0, files.Count, i =>
        {
            try
            {
                ImageDecoder.Decode(File.ReadAllBytes(files[i]), files[i], input, pixels.AsSpan(i * size, size));
            }
            catch (ImageFormatException e)
            {
                found[i] = e;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                found[i] = new(files[i], $"the file cannot be read: {e.Message}", e);
            }
        });

        // Problems are reported after the loop, so that the order of threads does not decide which file is named.
        foreach (var problem in found.OfType<ImageFormatException>())
        {
            (skipped ?? throw problem)(problem);
        }

        damaged = found;
        return new(Shape.Image(input.Channels, input.Height, input.Width), pixels);
    }

    private static EnumerationOptions Options(bool recurses) => new()
    {
        RecurseSubdirectories = recurses,
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
    };

    private static Examples Readable(string folder, Examples all, ImageFormatException?[] damaged)
    {
        var readable = all.Where(i => damaged[i] is null);
        return readable.Count > 0 ? readable : throw new InvalidDataException($"None of the {all.Count} images in '{folder}' can be read.");
    }
}
