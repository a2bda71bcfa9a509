using Microsoft.ML.Data;
using MlNetDl.Images;
using SkiaSharp;

namespace MlNetDl.Tests.Images;

/// <summary>Images that claim many pixels: hosts refuse them before memory is taken, and photos are decoded at a smaller scale.</summary>
public sealed class LargeImageTests
{
    [Fact]
    public void A_host_refuses_what_claims_too_many_pixels()
    {
        var png = Encoded(6000, 6000, SKEncodedImageFormat.Png);
        long before = GC.GetTotalAllocatedBytes();
        var refused = Assert.Throws<ImageFormatException>(() => ImageDecoder.Load(png));
        Assert.Contains("it claims 6000 x 6000 pixels; at most 33554432 are read", refused.Message, StringComparison.Ordinal);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 1 << 20);
        Assert.Throws<ImageFormatException>(() => ImageDecoder.Load(Encoded(20, 20, SKEncodedImageFormat.Png), mostPixels: 399));
        using var whole = ImageDecoder.Load(Encoded(20, 20, SKEncodedImageFormat.Png), mostPixels: 400);
        Assert.Equal(20, whole.Width);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageDecoder.Load(png, mostPixels: 0));
    }

    [Fact]
    public void A_large_photo_is_decoded_at_a_smaller_scale_for_training_and_serving_alike()
    {
        var photo = Encoded(6000, 4000, SKEncodedImageFormat.Jpeg);
        using var image = ImageDecoder.Load(photo);
        Assert.Equal((5250, 3500), (image.Width, image.Height));
        Assert.Equal(1.5, (double)image.Width / image.Height, 2);
        var input = new ImageInput(3, 20, 30);
        byte[] trained = new byte[1800], served = new byte[1800];
        ImageDecoder.Decode(photo, "photo", input, trained);
        ImageDecoder.Read(image, input, served);
        Assert.Equal(trained, served);
        // Left is black, right is white.
        Assert.True(trained[300] < 10 && trained[329] > 245);
    }

    private static byte[] Encoded(int width, int height, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.Black);
            using var paint = new SKPaint { Color = SKColors.White };
            canvas.DrawRect(width / 2, 0, width, height, paint);
        }

        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }
}
