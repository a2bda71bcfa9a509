using MlNetDl.Images;

namespace MlNetDl.Data;

/// <summary>Images of files: the first ones are held as bytes, and the others are decoded whenever somebody asks for them.</summary>
/// <remarks>Any number of threads may read it.</remarks>
/// <param name="files">The files.</param>
/// <param name="input">The size and colours wanted.</param>
/// <param name="held">The pixels of those that are held.</param>
/// <param name="digests">Digests of all files, as they were when they were first read.</param>
internal sealed class ImageStore(IReadOnlyList<string> files, ImageInput input, IReadOnlyList<byte[]?> held, IReadOnlyList<UInt128> digests)
{
    private long decodes;

    /// <summary>Bytes of an image.</summary>
    public int Width { get; } = input.Channels * input.Height * input.Width;

    /// <summary>How often an image was decoded because it is not held.</summary>
    public long Decodes => Interlocked.Read(ref decodes);

    /// <summary>The pixels of an image that is held, not to be changed; <see langword="null"/> for others.</summary>
    public byte[]? Held(int image) => image < held.Count ? held[image] : null;

    /// <summary>Copies the pixels of an image, or decodes them.</summary>
    /// <exception cref="ImageFormatException">Its file cannot be read any more, or is another one now.</exception>
    public void CopyTo(int image, Memory<byte> pixels)
    {
        if (Held(image) is { } kept)
        {
            kept.CopyTo(pixels);
            return;
        }

        Interlocked.Increment(ref decodes);
        UInt128 digest = 0;
        if (ImageFormatException.Caught(files[image], () => (digest, _) = ImageFiles.Decode(files[image], input, pixels)) is { } problem)
        {
            throw problem;
        }

        if (digest != digests[image])
        {
            throw new ImageFormatException(
                files[image], "the file has changed since it was first read; images that are streamed must stay as they are until the training has ended.");
        }
    }
}
