using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Experiments;

/// <summary>Images in memory at another size. They are scaled as a saved model scales an image that it is given.</summary>
internal static class ScaledImages
{
    /// <summary>The examples with square images; <see langword="null"/> where they are no images of one or three
    /// channels.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="side">Height and width in pixels.</param>
    /// <exception cref="InvalidDataException">The scaled images would not fit into one array.</exception>
    public static Examples? Of(Examples examples, int side)
    {
        if (examples.Features is not byte[] pixels || examples.Shape.Rank != 4 || examples.Shape.Size(1) is not (1 or 3))
        {
            return null;
        }

        var given = new ImageInput(examples.Shape.Size(1), examples.Shape.Size(2), examples.Shape.Size(3));
        var wanted = given with
        {
            Height = side,
            Width = side,
        };
        int width = pixels.Length / examples.Count, scaledWidth = wanted.Channels * side * side;
        if ((long)examples.Count * scaledWidth > Array.MaxLength)
        {
            throw new InvalidDataException($"{examples.Count} images of {side}x{side} have {scaledWidth} bytes each; "
                + $"together they may have {Array.MaxLength} bytes. Take fewer, or a smaller size.");
        }

        var scaled = new byte[examples.Count * scaledWidth];
        Parallel.For(0, examples.Count, i =>
            Scale(pixels.AsSpan(i * width, width), given, scaled.AsSpan(i * scaledWidth, scaledWidth), wanted));
        return examples with
        {
            Shape = Shape.Image(wanted.Channels, side, side),
            Features = scaled,
        };
    }

    private static void Scale(ReadOnlySpan<byte> pixels, ImageInput given, Span<byte> scaled, ImageInput wanted)
    {
        // A grey image has one plane, which then is red, green and blue.
        int plane = given.Height * given.Width, green = plane % pixels.Length, blue = 2 * plane % pixels.Length;
        var rgba = new byte[plane * 4];
        for (int i = 0; i < plane; i++)
        {
            (rgba[4 * i], rgba[(4 * i) + 1], rgba[(4 * i) + 2]) = (pixels[i], pixels[green + i], pixels[blue + i]);
            rgba[(4 * i) + 3] = byte.MaxValue;
        }

        using var image = MLImage.CreateFromPixels(given.Width, given.Height, MLPixelFormat.Rgba32, rgba);
        ImageDecoder.Read(image, wanted, scaled);
    }
}
