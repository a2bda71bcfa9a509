using Microsoft.ML.Data;
using MlNetDl.Images;

namespace MlNetDl.Tests.Images;

/// <summary>Formats beyond everyday's: decoded rightly, and through an MLImage to the same bytes.</summary>
public sealed class FormatTests
{
    private const int Left = (2 * 16) + 3, Right = (2 * 16) + 12, Plane = 16 * 8;

    /// <summary>Names of a picture, its left and right colour, and by how much a lossy format may be wrong.</summary>
    public static TheoryData<string, byte[], byte[], int> Kinds => new()
    {
        { nameof(Pictures.CmykJpeg), [200, 40, 90], [20, 160, 60], 8 },
        { nameof(Pictures.ProgressiveJpeg), [200, 40, 90], [20, 160, 60], 4 },
        { nameof(Pictures.GreyJpeg), [200, 200, 200], [20, 20, 20], 2 },
        { nameof(Pictures.GreyAlpha16Png), [78, 78, 78], [123, 123, 123], 1 },
        { nameof(Pictures.InterlacedRgba16Png), [200, 40, 90], [20, 160, 60], 0 },
        { nameof(Pictures.TransparentPalettePng), [200, 40, 90], [0, 0, 0], 0 },
        { nameof(Pictures.OneBitPng), [255, 255, 255], [0, 0, 0], 0 },
        { nameof(Pictures.TransparentGif), [200, 40, 90], [0, 0, 0], 0 },
        { nameof(Pictures.PaletteBmp), [200, 40, 90], [20, 160, 60], 0 },
        { nameof(Pictures.WebP), [200, 40, 90], [20, 160, 60], 8 },
    };

    public static TheoryData<string> Names => [.. Kinds.Select(k => (string)k[0])];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_picture_in_any_format_has_its_colours(string kind, byte[] left, byte[] right, int tolerance)
    {
        var pixels = Decode(File(kind), new(3, 8, 16));
        for (int c = 0; c < 3; c++)
        {
            Assert.InRange(pixels[(c * Plane) + Left], left[c] - tolerance, left[c] + tolerance);
            Assert.InRange(pixels[(c * Plane) + Right], right[c] - tolerance, right[c] + tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Serving_sees_what_training_saw_of_any_format(string kind) => AssertServed(File(kind), kind);

    /// <summary>Every colour type and depth that PNG has, on values that rounding could tell apart.</summary>
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(0, 2, 1)]
    [InlineData(0, 4, 2)]
    [InlineData(0, 8, 4)]
    [InlineData(0, 16, 8)]
    [InlineData(2, 8, 12)]
    [InlineData(2, 16, 24)]
    [InlineData(3, 1, 1)]
    [InlineData(3, 8, 4)]
    [InlineData(4, 8, 8)]
    [InlineData(4, 16, 16)]
    [InlineData(6, 8, 16)]
    [InlineData(6, 16, 32)]
    public void Serving_sees_what_training_saw_of_any_png(byte colourType, byte depth, int rowBytes)
    {
        var rows = new byte[rowBytes * 3];
        new Random(colourType + depth).NextBytes(rows);
        byte[]? palette = null;
        if (colourType == 3)
        {
            rows = [.. rows.Select(r => depth == 1 ? r : (byte)(r % 4))];
            palette = [10, 200, 30, 40, 5, 60, 255, 80, 90, 17, 110, 120];
        }

        AssertServed(Png.Encode(4, 3, colourType, depth, rows, palette), $"{colourType}/{depth}");
    }

    [Fact]
    public void Images_with_other_channels_in_memory_are_read_alike()
    {
        byte[] bgra = [1, 2, 3, 255, 40, 50, 60, 255], rgba = [3, 2, 1, 255, 60, 50, 40, 255];
        using var a = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, bgra);
        using var b = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, rgba);
        Assert.Equal([3, 60, 2, 50, 1, 40], Read(a, new(3, 1, 2)));
        foreach (var input in new ImageInput[] { new(3, 1, 2), new(1, 1, 2), new(3, 4, 3), new(3, 1, 1) })
        {
            Assert.Equal(Read(a, input), Read(b, input));
        }
    }

    private static void AssertServed(byte[] file, string kind)
    {
        using var image = MLImage.CreateFromStream(new MemoryStream(file));
        foreach (var input in new ImageInput[]
        {
            new(3, 3, 4),
            new(3, 8, 16),
            new(1, 8, 16),
            new(3, 5, 7),
            new(3, 1, 1),
            new(3, 20, 9, ResizeMode.Pad),
            new(3, 20, 9, ResizeMode.Crop),
        })
        {
            Assert.True(Decode(file, input).AsSpan().SequenceEqual(Read(image, input)), $"{kind} as {input}: {image.PixelFormat}");
        }
    }

    private static byte[] File(string kind) => (byte[])typeof(Pictures).GetField(kind)!.GetValue(null)!;

    private static byte[] Decode(byte[] file, ImageInput input)
    {
        var pixels = new byte[input.Channels * input.Height * input.Width];
        ImageDecoder.Decode(file, "picture", input, pixels);
        return pixels;
    }

    private static byte[] Read(MLImage image, ImageInput input)
    {
        var pixels = new byte[input.Channels * input.Height * input.Width];
        ImageDecoder.Read(image, input, pixels);
        return pixels;
    }
}
