using System.Buffers.Binary;
using System.Security.Cryptography;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Data;

/// <summary>Images that were read from files.</summary>
/// <param name="Examples">All of them, in the order of the files and without targets. Those that could not be read must be left out.</param>
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
    // A set in one array is the fastest, but its parts are copies: one to train on, one to validate with.
    private const int Copies = 3;

    /// <summary>Decodes files at one size. What cannot be read is told in the result.</summary>
    /// <remarks>Images are held as bytes as far as the budget goes. The others are decoded again whenever they are asked for, and their files must stay as
    /// they are: a training is the same, bit for bit, and its batches are decoded ahead of it.</remarks>
    /// <param name="files">Their paths.</param>
    /// <param name="input">The size and colours wanted.</param>
    /// <param name="budget">The memory that decoded images may take; by default <see cref="MemoryBudget.OfMachine"/>.</param>
    /// <exception cref="InvalidDataException">One image is larger than an array can be.</exception>
    public static DecodedImages Read(IReadOnlyList<string> files, ImageInput input, MemoryBudget? budget = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(input);
        budget ??= MemoryBudget.OfMachine();
        long size = SizeOf(input), all = files.Count * size;
        var whole = all <= Array.MaxLength && budget.TryTake(Copies * all) ? new byte[all] : null;
        var pixels = whole is null ? new byte[budget.Take(files.Count, size)][] : [];
        var problems = new ImageFormatException?[files.Count];
        var heads = new ImageHead?[files.Count];
        var digests = new UInt128[files.Count];
        Parallel.For(0, files.Count, i => problems[i] = ImageFormatException.Caught(files[i], () =>
        {
            var own = whole is null ? new byte[size] : null;
            (digests[i], heads[i]) = Decode(files[i], input, own ?? whole.AsMemory((int)(i * size), (int)size));
            if (i < pixels.Length)
            {
                pixels[i] = own!;
            }
        }));
        var shape = Shape.Image(input.Channels, input.Height, input.Width);
        var examples = whole is not null ? new Examples(shape, whole) : new Examples(shape, Array.Empty<byte>())
        {
            Images = new(new ImageStore(files, input, pixels, digests), [.. Enumerable.Range(0, files.Count)]),
        };
        return new(examples, problems, heads, digests);
    }

    /// <summary>Decodes a file, and gives its digest and what its head says.</summary>
    internal static (UInt128 Digest, ImageHead Head) Decode(string file, ImageInput input, Memory<byte> pixels)
    {
        var bytes = File.ReadAllBytes(file);
        return (BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(bytes)), ImageDecoder.Decode(bytes, file, input, pixels.Span));
    }

    private static long SizeOf(ImageInput input)
    {
        long size = (long)input.Channels * input.Height * input.Width;
        return size <= Array.MaxLength ? size : throw new InvalidDataException(
            $"An image of {input.Channels}x{input.Height}x{input.Width} has {size} bytes; it may have {Array.MaxLength}. Take a smaller size.");
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
