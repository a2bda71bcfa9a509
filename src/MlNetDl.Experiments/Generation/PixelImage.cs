using System.Globalization;
using System.Xml.Linq;
using SkiaSharp;

namespace MlNetDl.Experiments;

/// <summary>Numbers that are pixels, [C, H, W], as a picture within a page.</summary>
internal static class PixelImage
{
    private const int Shown = 160;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly (double R, double G, double B) Darker = (0, 114, 178), Brighter = (213, 94, 0);

    /// <summary>An image, from its least to its greatest value.</summary>
    /// <param name="values">The values, channel by channel.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Pixels of a row.</param>
    public static XElement Of(float[] values, int channels, int height, int width)
    {
        double least = values.Min(), range = Math.Max(values.Max() - least, 1e-30);
        return Picture(height, width, at => Channels(values, channels, height * width, at, v => 255 * (v - least) / range));
    }

    /// <summary>Values about 0, which is white, or grey in colour.</summary>
    /// <param name="values">The values, channel by channel.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Pixels of a row.</param>
    public static XElement Signed(float[] values, int channels, int height, int width)
    {
        double most = Math.Max(values.Max(Math.Abs), 1e-30);
        return Picture(height, width, at =>
        {
            if (channels == 3)
            {
                return Channels(values, channels, height * width, at, v => 127.5 + (127.5 * v / most));
            }

            double share = Math.Abs(values[at]) / most;
            var (r, g, b) = values[at] < 0 ? Darker : Brighter;
            return (255 + (share * (r - 255)), 255 + (share * (g - 255)), 255 + (share * (b - 255)));
        });
    }

    private static (double R, double G, double B) Channels(float[] values, int channels, int pixels, int at, Func<double, double> level) =>
        (level(values[at]), level(values[at + (channels == 3 ? pixels : 0)]), level(values[at + (channels == 3 ? 2 * pixels : 0)]));

    private static XElement Picture(int height, int width, Func<int, (double R, double G, double B)> color)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (int at = 0; at < height * width; at++)
        {
            var (r, g, b) = color(at);
            bitmap.SetPixel(at % width, at / width, new((byte)Math.Round(r), (byte)Math.Round(g), (byte)Math.Round(b)));
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return Element(png, height, width, Shown);
    }

    /// <summary>A file as an element of a page. Where it is shown much larger, its pixels stay squares.</summary>
    /// <param name="png">The file.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="shown">How many pixels of the screen it is wide, at most.</param>
    public static XElement Element(SKData png, int height, int width, int shown)
    {
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        return new(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Text(width)} {Text(height)}"),
            new XAttribute("style", $"min-width:0;max-width:{Text(shown)}px"),
            new XAttribute("role", "img"),
            new XElement(
                Svg + "image",
                new XAttribute("width", Text(width)),
                new XAttribute("height", Text(height)),
                new XAttribute("style", shown >= 2 * width ? "image-rendering:pixelated" : "image-rendering:auto"),
                new XAttribute("href", $"data:image/png;base64,{Convert.ToBase64String(png.AsSpan())}")));
    }
}
