using MlNetDl.Images;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Data;

/// <summary>Reads images that lie in a folder for each class.</summary>
public static class ImageFolder
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase) { ".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp" };

    /// <summary>The files below a folder with their class, classes and files in ordinal order of their names.</summary>
    /// <exception cref="InvalidDataException">There are no sub-folders with images.</exception>
    public static (IReadOnlyList<(string Path, int Class)> Files, ValueList<string> Classes) List(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The image folder '{folder}' does not exist.");
        }

        var classes = Directory.GetDirectories(folder).Select(d => Path.GetFileName(d)).Where(d => !d.StartsWith('.')).Order(StringComparer.Ordinal).ToValueList();
        var files = classes.SelectMany((name, index) => Directory.EnumerateFiles(Path.Combine(folder, name), "*", SearchOption.AllDirectories)
            .Where(f => Extensions.Contains(Path.GetExtension(f))).Order(StringComparer.Ordinal).Select(f => (f, index))).ToList();
        return files.Count > 0 ? (files, classes)
            : throw new InvalidDataException($"'{folder}' has no images in sub-folders; expected one folder a class, such as {folder}/cat/1.png, with {string.Join(", ", Extensions)} files.");
    }

    /// <summary>Reads all images at one size.</summary>
    /// <param name="folder">The folder; each sub-folder is a class.</param>
    /// <param name="input">The size and colours wanted.</param>
    /// <exception cref="ImageFormatException">An image cannot be read; the message names its file.</exception>
    public static Examples Read(string folder, ImageInput input)
    {
        var (files, classes) = List(folder);
        int size = input.Channels * input.Height * input.Width;
        var pixels = new byte[checked((long)files.Count * size)];
        try
        {
            Parallel.For(0, files.Count, i => ImageDecoder.Decode(File.ReadAllBytes(files[i].Path), files[i].Path, input, pixels.AsSpan(i * size, size)));
        }
        catch (AggregateException e)
        {
            // The first in the order of files, whatever thread met one first.
            throw e.InnerExceptions.OrderBy(x => x.Message, StringComparer.Ordinal).First();
        }

        return new(Shape.Image(input.Channels, input.Height, input.Width), pixels, files.Select(f => (long)f.Class).ToArray()) { ClassNames = classes };
    }
}
