using Microsoft.ML.Data;
using MlNetDl.Images;
using SkiaSharp;

namespace MlNetDl.Tests.Images;

public class ImageDecoderTests
{
    private static readonly ImageInput TwoColours = new(3, 1, 2);

    [Theory]
    [InlineData(0, 8, new byte[] { 10, 250 }, new byte[] { 10, 250, 10, 250, 10, 250 })]
    [InlineData(0, 16, new byte[] { 10, 10, 250, 250 }, new byte[] { 10, 250, 10, 250, 10, 250 })]
    [InlineData(2, 8, new byte[] { 1, 2, 3, 4, 5, 6 }, new byte[] { 1, 4, 2, 5, 3, 6 })]
    [InlineData(2, 16, new byte[] { 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6 }, new byte[] { 1, 4, 2, 5, 3, 6 })]
    [InlineData(3, 8, new byte[] { 1, 0 }, new byte[] { 40, 10, 50, 20, 60, 30 })]
    [InlineData(4, 8, new byte[] { 100, 255, 200, 0 }, new byte[] { 100, 0, 100, 0, 100, 0 })]
    [InlineData(6, 8, new byte[] { 200, 100, 50, 255, 200, 100, 50, 51 }, new byte[] { 200, 40, 100, 20, 50, 10 })]
    public void Every_kind_of_png_becomes_planes_on_black(byte colourType, byte depth, byte[] rows, byte[] expected)
    {
        var png = Png.Encode(2, 1, colourType, depth, rows, colourType == 3 ? [10, 20, 30, 40, 50, 60] : null);
        Assert.Equal(expected, Decode(png, TwoColours));
    }

    /// <summary>ITU-R 601: 0.299 R + 0.587 G + 0.114 B.</summary>
    [Fact]
    public void Grey_is_luma()
    {
        var png = Png.Encode(4, 1, 2, 8, [255, 0, 0, 0, 255, 0, 0, 0, 255, 7, 7, 7]);
        Assert.Equal([76, 150, 29, 7], Decode(png, new(1, 1, 4)));
    }

    [Theory]
    [InlineData(2, new byte[] { 1, 200, 30, 40, 5, 60, 7, 80, 90, 100, 110, 120 })]
    [InlineData(6, new byte[] { 200, 100, 50, 255, 200, 100, 50, 51, 9, 80, 70, 128, 1, 2, 3, 0 })]
    [InlineData(0, new byte[] { 5, 60, 170, 250 })]
    public void Serving_sees_what_training_saw(byte colourType, byte[] rows)
    {
        var png = Png.Encode(2, 2, colourType, 8, rows);
        using var image = MLImage.CreateFromStream(new MemoryStream(png));
        foreach (var input in new ImageInput[]
        {
            new(3, 2, 2),
            new(1, 2, 2),
            new(3, 5, 7),
            new(3, 1, 1),
            new(3, 4, 2, ResizeMode.Pad),
            new(3, 4, 2, ResizeMode.Crop),
        })
        {
            var served = new byte[input.Channels * input.Height * input.Width];
            ImageDecoder.Read(image, input, served);
            Assert.Equal(Decode(png, input), served);
        }
    }

    /// <summary>The eight orientations of EXIF, stored as each would be: all show the same image, 3 wide
    /// and 2 high.</summary>
    [Theory]
    [InlineData(1, 3, new byte[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(2, 3, new byte[] { 2, 1, 0, 5, 4, 3 })]
    [InlineData(3, 3, new byte[] { 5, 4, 3, 2, 1, 0 })]
    [InlineData(4, 3, new byte[] { 3, 4, 5, 0, 1, 2 })]
    [InlineData(5, 2, new byte[] { 0, 3, 1, 4, 2, 5 })]
    [InlineData(6, 2, new byte[] { 2, 5, 1, 4, 0, 3 })]
    [InlineData(7, 2, new byte[] { 5, 2, 4, 1, 3, 0 })]
    [InlineData(8, 2, new byte[] { 3, 0, 4, 1, 5, 2 })]
    public void Photos_are_turned_upright(byte orientation, int width, byte[] stored)
    {
        const int Block = 16;
        var rows = stored.Chunk(width)
            .SelectMany(row => Enumerable.Repeat(
                row.SelectMany(v => Enumerable.Repeat((byte)(v * 50), Block)).ToArray(), Block))
            .SelectMany(r => r).ToArray();
        using var bitmap = SKBitmap.Decode(Png.Encode(width * Block, stored.Length / width * Block, 0, 8, rows));
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        var jpeg = encoded.ToArray();
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0,
            orientation, 0, 0, 0, 0, 0, 0,
        ];
        var pixels = Decode([.. jpeg[..2], .. exif, .. jpeg[2..]], new(1, 2 * Block, 3 * Block));
        for (int i = 0; i < 6; i++)
        {
            Assert.InRange(pixels[(((i / 3 * Block) + 8) * 3 * Block) + (i % 3 * Block) + 8], (i * 50) - 3, (i * 50) + 3);
        }
    }

    [Fact]
    public void Resize_modes_keep_or_change_proportions()
    {
        // White, 4 x 2, with a black column at each end.
        var png = Png.Encode(4, 2, 0, 8, [0, 255, 255, 0, 0, 255, 255, 0]);
        Assert.Equal([255, 255, 255, 255], Decode(png, new(1, 2, 2, ResizeMode.Crop)));
        var padded = Decode(png, new(1, 4, 4, ResizeMode.Pad));
        Assert.Equal([0, 0, 0, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 0, 0, 0], padded);
        Assert.All(Decode(png, new(1, 1, 1)), p => Assert.InRange(p, 100, 155));
    }

    [Fact]
    public void A_cut_off_file_is_an_error_that_names_it()
    {
        var random = new Random(1);
        var noise = new byte[64 * 64];
        random.NextBytes(noise);
        var png = Png.Encode(64, 64, 0, 8, noise);
        using var bitmap = SKBitmap.Decode(png);
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        foreach (var file in new[] { png, jpeg.ToArray() })
        {
            foreach (int length in new[] { 0, 1, 8, 30, file.Length / 2 })
            {
                Assert.Contains(
                    "'cut'",
                    Assert.Throws<ImageFormatException>(() => Decode(file[..length], new(1, 8, 8))).Message,
                    StringComparison.Ordinal);
            }
        }
    }

    /// <summary>60,000 x 60,000 pixels in a file of a hundred bytes: refused by its header.</summary>
    [Fact]
    public void A_bomb_is_refused_before_memory_is_taken()
    {
        var png = Png.Encode(60000, 60000, 0, 8, new byte[60000]);
        Assert.Contains(
            "60000 x 60000",
            Assert.Throws<ImageFormatException>(() => Decode(png, new(1, 8, 8))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_no_image() => Assert.Throws<ImageFormatException>(() => Decode("hello, world"u8.ToArray(), TwoColours));

    private static byte[] Decode(byte[] file, ImageInput input)
    {
        var pixels = new byte[input.Channels * input.Height * input.Width];
        ImageDecoder.Decode(file, "cut", input, pixels);
        return pixels;
    }
}
