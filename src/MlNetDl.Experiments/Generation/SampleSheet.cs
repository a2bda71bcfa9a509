using System.Xml.Linq;
using Microsoft.ML.Data;
using MlNetDl.Layers.Contracts;
using SkiaSharp;

namespace MlNetDl.Experiments;

/// <summary>Many small images as one picture, in rows and columns.</summary>
public static class SampleSheet
{
    private const int Shown = 640;

    /// <summary>Whether rows of a shape are images that can be drawn: [N, 1, H, W] or [N, 3, H, W].</summary>
    public static bool CanDraw(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape is { Rank: 4, Type: ElementType.Float32 } && shape.Dims[1].Size is 1 or 3;
    }

    /// <summary>Writes a PNG.</summary>
    /// <param name="path">The file.</param>
    /// <param name="images">Values, row-major, [N, C, H, W]; from 0 (black) to <paramref name="peak"/> (white), others are cut off. NaN leaves the
    /// background.</param>
    /// <param name="shape">Their shape, [N, C, H, W] with 1 or 3 channels.</param>
    /// <param name="columns">Images beside each other, 1 or more.</param>
    /// <param name="peak">The value of white, above 0.</param>
    /// <exception cref="ArgumentException">The values are no whole images of such a shape.</exception>
    public static void Write(string path, IReadOnlyList<float> images, Shape shape, int columns, double peak)
    {
        var (width, height, pixels) = Draw(images, shape, columns, peak);
        using var picture = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
        // The library writes to a path only, and takes the format from its end.
        var temporary = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Guid.NewGuid():N}.png");
        try
        {
            picture.Save(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>The sheet as an element of a page.</summary>
    internal static XElement Element(IReadOnlyList<float> images, Shape shape, int columns, double peak)
    {
        var (width, height, pixels) = Draw(images, shape, columns, peak);
        using var picture = SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), pixels);
        using var png = picture.Encode(SKEncodedImageFormat.Png, 100);
        return PixelImage.Element(png, height, width, Math.Max(Shown, width));
    }

    private static (int Width, int Height, byte[] Pixels) Draw(IReadOnlyList<float> images, Shape shape, int columns, double peak)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        int size = CanDraw(shape) ? (int)shape.ElementsPerExample() : 0;
        if (size == 0 || images.Count == 0 || images.Count % size != 0)
        {
            throw new ArgumentException($"{images.Count} values are no images of {shape}; a sheet needs [N, 1, H, W] or [N, 3, H, W].", nameof(images));
        }

        const int gap = 2;
        var (channels, height, width) = (shape.Size(1), shape.Size(2), shape.Size(3));
        int count = images.Count / size, rows = (count + columns - 1) / columns;
        var (fullWidth, fullHeight) = (gap + (Math.Min(columns, count) * (width + gap)), gap + (rows * (height + gap)));
        var pixels = new byte[fullWidth * fullHeight * 4];
        Array.Fill(pixels, (byte)128);
        for (int at = 3; at < pixels.Length; at += 4)
        {
            pixels[at] = byte.MaxValue;
        }

        for (int image = 0; image < count; image++)
        {
            int left = gap + (image % columns * (width + gap)), top = gap + (image / columns * (height + gap));
            for (int place = 0; place < height * width; place++)
            {
                int to = 4 * (((top + (place / width)) * fullWidth) + left + (place % width));
                for (int channel = 0; channel < 3; channel++)
                {
                    float value = images[(image * size) + ((channels == 1 ? 0 : channel) * height * width) + place];
                    if (float.IsNaN(value))
                    {
                        continue;
                    }

                    pixels[to + channel] = (byte)Math.Clamp(Math.Round(value / peak * byte.MaxValue), 0, byte.MaxValue);
                }
            }
        }

        return (fullWidth, fullHeight, pixels);
    }
}
