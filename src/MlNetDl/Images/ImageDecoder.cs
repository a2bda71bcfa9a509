using Microsoft.ML.Data;
using SkiaSharp;

namespace MlNetDl.Images;

/// <summary>Brings images to the pixels a network takes, planar [C, H, W], bytes 0–255: the one way, for training
/// and for serving.</summary>
/// <remarks>
/// Files are turned upright by their EXIF orientation. ML.NET's own <see cref="MLImage.CreateFromStream"/> does not do
/// so, and takes as much memory as a file claims: a host loads images by <see cref="Load"/>. Colours are taken for
/// sRGB: a profile in the file is ignored, as ML.NET's decoder and PIL ignore it; 16-bit channels are reduced to 8;
/// transparent pixels lie on black. Other sizes are scaled by area-weighted (mip-mapped, bilinear) sampling. Grey is
/// ITU-R 601 luma, 0.299 R + 0.587 G + 0.114 B. A JPEG of more than 2²⁴ pixels is decoded at so many eighths of
/// its size that it has about as many, for training and serving alike.
/// </remarks>
public static class ImageDecoder
{
    /// <summary>The most pixels that <see cref="Load"/> decodes unless it is told others: 2²⁵, 134 MB. A file of some hundred kilobytes may claim many
    /// more.</summary>
    public const long HostPixels = 1L << 25;

    // Of a file of one's own; and the size from which a codec that can decodes at a smaller scale.
    private const long MostPixels = 1L << 28, LargePixels = 1L << 24;

    private const string UnknownFormat = "the format is unknown or the file is damaged; expected PNG, JPEG, BMP, GIF or WebP.";

    /// <summary>Decodes a file's bytes.</summary>
    /// <param name="file">PNG, JPEG, BMP, GIF or WebP.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="input">The pixels wanted.</param>
    /// <param name="pixels">Receives Channels × Height × Width bytes.</param>
    /// <returns>What the file's head says.</returns>
    /// <exception cref="ImageFormatException">The image cannot be read.</exception>
    public static ImageHead Decode(ReadOnlySpan<byte> file, string name, ImageInput input, Span<byte> pixels) =>
        Decode(file, name, input, pixels, MostPixels);

    /// <summary>The same with a bound on the pixels that are decoded.</summary>
    internal static ImageHead Decode(ReadOnlySpan<byte> file, string name, ImageInput input, Span<byte> pixels, long mostPixels)
    {
        using var upright = Upright(file, name, mostPixels, out var head);
        Convert(upright, input, pixels);
        return head;
    }

    /// <summary>Decodes a file.</summary>
    /// <exception cref="ImageFormatException">The image cannot be read.</exception>
    public static byte[] Decode(string path, ImageInput input)
    {
        var pixels = new byte[input.Channels * input.Height * input.Width];
        Decode(File.ReadAllBytes(path), path, input, pixels);
        return pixels;
    }

    /// <summary>Reads the head of a file alone.</summary>
    /// <exception cref="ImageFormatException">The file is no image that can be read.</exception>
    public static ImageHead HeadOf(string path)
    {
        using var codec = SKCodec.Create(path) ?? throw new ImageFormatException(path, UnknownFormat);
        return HeadOf(codec);
    }

    /// <summary>An upright image for an ML.NET pipeline, the same as training sees it. The caller
    /// disposes of it.</summary>
    /// <param name="file">The bytes of a PNG, JPEG, BMP, GIF or WebP.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="mostPixels">The most pixels that are decoded, 1 or more: each takes 4 bytes, twice for a moment. What claims more is refused before
    /// memory is taken.</param>
    /// <exception cref="ImageFormatException">The image cannot be read, or claims too many pixels.</exception>
    public static MLImage Load(ReadOnlySpan<byte> file, string name = "image", long mostPixels = HostPixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mostPixels);
        using var upright = Upright(file, name, mostPixels, out _);
        return MLImage.CreateFromPixels(upright.Width, upright.Height, MLPixelFormat.Bgra32, upright.GetPixelSpan());
    }

    /// <summary>The pixels of a decoded image.</summary>
    /// <param name="image">The image; transparent colours are multiplied by their alpha, as <see cref="MLImage"/> reads
    /// them from files.</param>
    /// <param name="input">The pixels wanted.</param>
    /// <param name="pixels">Receives Channels × Height × Width bytes, the same as decoding the
    /// image's file gives.</param>
    /// <exception cref="ImageFormatException">Its pixel format is unknown.</exception>
    public static void Read(MLImage image, ImageInput input, Span<byte> pixels)
    {
        var type = image.PixelFormat switch
        {
            MLPixelFormat.Bgra32 => SKColorType.Bgra8888,
            MLPixelFormat.Rgba32 => SKColorType.Rgba8888,
            _ => throw new ImageFormatException(
                image.Tag ?? "image", $"its pixel format is {image.PixelFormat}; expected Bgra32 or Rgba32."),
        };
        if (image.Width == input.Width && image.Height == input.Height)
        {
            Planes(image.Pixels, image.Width * 4, type == SKColorType.Bgra8888, input, pixels);
            return;
        }

        // Skia rounds differently when it also changes the order of channels while it scales.
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Premul));
        CopyPixels(image.Pixels, bitmap, swaps: type == SKColorType.Rgba8888);
        Convert(bitmap, input, pixels);
    }

    private static unsafe void CopyPixels(ReadOnlySpan<byte> from, SKBitmap to, bool swaps)
    {
        var target = new Span<byte>((void*)to.GetPixels(), to.ByteCount);
        from.CopyTo(target);
        for (int i = 0; swaps && i < target.Length; i += 4)
        {
            (target[i], target[i + 2]) = (target[i + 2], target[i]);
        }
    }

    private static ImageHead HeadOf(SKCodec codec)
    {
        bool isTurned = codec.EncodedOrigin >= SKEncodedOrigin.LeftTop, isGrey = codec.Info.ColorType is SKColorType.Gray8;
        var (width, height) = isTurned ? (codec.Info.Height, codec.Info.Width) : (codec.Info.Width, codec.Info.Height);
        return new(width, height, isGrey, Math.Max(1, codec.FrameCount));
    }

    private static SKBitmap Upright(ReadOnlySpan<byte> file, string name, long most, out ImageHead head)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data)
            ?? throw new ImageFormatException(
                name,
                file.IsEmpty
                    ? "the file is empty."
                    : UnknownFormat);
        head = HeadOf(codec);
        var size = SizeToDecode(codec);
        if ((long)size.Width * size.Height > most)
        {
            throw new ImageFormatException(name, $"it claims {codec.Info.Width} x {codec.Info.Height} pixels; at most {most} are read.");
        }

        var bitmap = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Bgra8888, SKAlphaType.Premul));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
        {
            bitmap.Dispose();
            throw new ImageFormatException(name, $"the file is damaged or cut off ({result}).");
        }

        return Turn(bitmap, codec.EncodedOrigin);
    }

    // Where the codec has no smaller scale, it names its own size.
    private static SKSizeI SizeToDecode(SKCodec codec)
    {
        double pixels = (double)codec.Info.Width * codec.Info.Height;
        return pixels > LargePixels ? codec.GetScaledDimensions((float)Math.Sqrt(LargePixels / pixels)) : new(codec.Info.Width, codec.Info.Height);
    }

    private static SKBitmap Turn(SKBitmap bitmap, SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft)
        {
            return bitmap;
        }

        float w = bitmap.Width, h = bitmap.Height;
        bool swaps = origin >= SKEncodedOrigin.LeftTop;
        var matrix = origin switch
        {
            SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, w, 0, 1, 0, 0, 0, 1),
            SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, w, 0, -1, h, 0, 0, 1),
            SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, h, 0, 0, 1),
            SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightTop => new SKMatrix(0, -1, h, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, h, -1, 0, w, 0, 0, 1),
            _ => new SKMatrix(0, 1, 0, -1, 0, w, 0, 0, 1),
        };
        using (bitmap)
        {
            var turned = new SKBitmap(bitmap.Info.WithSize(swaps ? bitmap.Height : bitmap.Width, swaps ? bitmap.Width : bitmap.Height));
            using var canvas = new SKCanvas(turned);
            canvas.Clear(SKColors.Transparent);
            canvas.SetMatrix(matrix);
            canvas.DrawBitmap(bitmap, 0, 0);
            return turned;
        }
    }

    private static void Convert(SKBitmap bitmap, ImageInput input, Span<byte> pixels)
    {
        if (bitmap.Width == input.Width && bitmap.Height == input.Height)
        {
            Planes(bitmap.GetPixelSpan(), bitmap.RowBytes, bgra: true, input, pixels);
            return;
        }

        using var target = new SKBitmap(new SKImageInfo(input.Width, input.Height, SKColorType.Bgra8888, SKAlphaType.Premul));
        using var canvas = new SKCanvas(target);
        using var paint = new SKPaint { FilterQuality = SKFilterQuality.Medium, IsAntialias = true };
        canvas.Clear(SKColors.Black);
        canvas.DrawBitmap(bitmap, Place(bitmap, input), paint);
        canvas.Flush();
        Planes(target.GetPixelSpan(), target.RowBytes, bgra: true, input, pixels);
    }

    private static SKRect Place(SKBitmap bitmap, ImageInput input)
    {
        if (input.Resize == ResizeMode.Stretch)
        {
            return new(0, 0, input.Width, input.Height);
        }

        double x = (double)input.Width / bitmap.Width, y = (double)input.Height / bitmap.Height;
        double scale = input.Resize == ResizeMode.Crop ? Math.Max(x, y) : Math.Min(x, y);
        float width = (float)(bitmap.Width * scale), height = (float)(bitmap.Height * scale);
        return SKRect.Create((input.Width - width) / 2, (input.Height - height) / 2, width, height);
    }

    // Colours are multiplied by their alpha everywhere in here (MLImage's decoder does so too), which is what they look
    // like on black: alpha need not be read.
    private static void Planes(ReadOnlySpan<byte> source, int rowBytes, bool bgra, ImageInput input, Span<byte> pixels)
    {
        int plane = input.Width * input.Height, red = bgra ? 2 : 0, blue = bgra ? 0 : 2;
        for (int y = 0; y < input.Height; y++)
        {
            var row = source.Slice(y * rowBytes, input.Width * 4);
            for (int x = 0, at = y * input.Width; x < input.Width; x++, at++)
            {
                var pixel = row.Slice(x * 4, 4);
                byte r = pixel[red], g = pixel[1], b = pixel[blue];
                if (input.Channels == 1)
                {
                    pixels[at] = (byte)(((r * 19595) + (g * 38470) + (b * 7471) + 0x8000) >> 16);
                }
                else
                {
                    (pixels[at], pixels[plane + at], pixels[(2 * plane) + at]) = (r, g, b);
                }
            }
        }
    }
}
