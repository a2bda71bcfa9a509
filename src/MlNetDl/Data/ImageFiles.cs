using System.Buffers.Binary;
using System.Security.Cryptography;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Data;

/// <summary>Images that were read from files.</summary>
/// <param name="Examples">All of them, in the order of the files and without targets. One that could not be read is black.</param>
/// <param name="Problems">Why an image could not be read; <see langword="null"/> for those that could.</param>
/// <param name="Heads">What the heads of the files say; <see langword="null"/> for those that could not be read.</param>
/// <param name="Digests">Digests of the files' bytes: the same file twice has the same one.</param>
public sealed record DecodedImages(
    Examples Examples,
    IReadOnlyList<ImageFormatException?> Problems,
    IReadOnlyList<ImageHead?> Heads,
    IReadOnlyList<UInt128> Digests);

/// <summary>Reads image files, several at a time.</summary>
public static class ImageFiles
{
    /// <summary>Decodes files at one size. What cannot be read is told in the result.</summary>
    /// <param name="files">Their paths.</param>
    /// <param name="input">The size and colours wanted.</param>
    /// <param name="place">What they all are called in errors, such as their folder.</param>
    /// <exception cref="InvalidDataException">Together they are larger than one array can be.</exception>
    public static DecodedImages Read(IReadOnlyList<string> files, ImageInput input, string place)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(input);
        long size = (long)input.Channels * input.Height * input.Width;
        if (files.Count * size > Array.MaxLength)
        {
            throw new InvalidDataException($"'{place}' has {files.Count} images of {size} bytes each; together they "
                + $"may have {Array.MaxLength} bytes. Take a smaller size, or stream them through an IDataView.");
        }

        var pixels = new byte[files.Count * size];
        var problems = new ImageFormatException?[files.Count];
        var heads = new ImageHead?[files.Count];
        var digests = new UInt128[files.Count];
        Parallel.For(0, files.Count, i => problems[i] = ImageFormatException.Caught(files[i], () =>
        {
            var bytes = File.ReadAllBytes(files[i]);
            digests[i] = BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(bytes));
            heads[i] = ImageDecoder.Decode(bytes, files[i], input, pixels.AsSpan((int)(i * size), (int)size));
        }));
        return new(new(Shape.Image(input.Channels, input.Height, input.Width), pixels), problems, heads, digests);
    }

    /// <summary>The heads of files, read several at a time; <see langword="null"/> for those that are no images.</summary>
    public static IReadOnlyList<ImageHead?> Heads(IReadOnlyList<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var heads = new ImageHead?[files.Count];
        Parallel.For(0, files.Count, i => ImageFormatException.Caught(files[i], () => heads[i] = ImageDecoder.HeadOf(files[i])));
        return heads;
    }
}
