using System.Globalization;
using MlNetDl.Data;
using MlNetDl.Images;

namespace MlNetDl.Experiments;

/// <summary>Counts image files of another size than a model takes.</summary>
/// <param name="image">What the model takes.</param>
/// <remarks>Any number of threads may use it at once.</remarks>
internal sealed class ScaledFiles(ImageInput image)
{
    private const int NamedSizes = 3;
    private readonly Dictionary<(int Width, int Height), int> sizes = [];

    /// <summary>Looks at a file; one that is no image is passed over, and whoever reads it tells so.</summary>
    public void Look(string file)
    {
        try
        {
            Look(ImageDecoder.HeadOf(file));
        }
        catch (ImageFormatException)
        {
            // Not counted.
        }
    }

    /// <summary>What is said of files; <see langword="null"/> where none is scaled.</summary>
    public static string? TextOf(IEnumerable<string> files, ImageInput image) => TextOf(ImageFiles.Heads([.. files]), image);

    /// <summary>What is said of files with these heads; <see langword="null"/> where none is scaled.</summary>
    public static string? TextOf(IEnumerable<ImageHead?> heads, ImageInput image)
    {
        var seen = new ScaledFiles(image);
        foreach (var head in heads.OfType<ImageHead>())
        {
            seen.Look(head);
        }

        return seen.Text;
    }

    private void Look(ImageHead head)
    {
        lock (sizes)
        {
            var size = (head.Width, head.Height);
            sizes[size] = sizes.GetValueOrDefault(size) + 1;
        }
    }

    /// <summary>What is said of the images that are scaled; <see langword="null"/> where none is.</summary>
    public string? Text
    {
        get
        {
            KeyValuePair<(int Width, int Height), int>[] found;
            lock (sizes)
            {
                found = [.. sizes];
            }

            var others = found.Where(s => s.Key != (image.Width, image.Height)).OrderByDescending(s => s.Value).ThenBy(s => s.Key).ToList();
            if (others.Count == 0)
            {
                return null;
            }

            int all = found.Sum(s => s.Value), scaled = others.Sum(s => s.Value), unnamed = others.Skip(NamedSizes).Sum(s => s.Value);
            var which = all == 1 ? "the image is"
                : scaled == all ? $"all {Number(all)} images are"
                : $"{Number(scaled)} of {Number(all)} images {(scaled == 1 ? "is" : "are")}";
            var from = others.Take(NamedSizes).Select(s => $"{s.Key.Width}x{s.Key.Height}{(others.Count > 1 ? $" ({Number(s.Value)})" : "")}");
            var rest = unnamed > 0 ? $" and {others.Count - NamedSizes} other size{(others.Count == NamedSizes + 1 ? "" : "s")} ({Number(unnamed)})" : "";
            return $"{which} scaled to {image.Width}x{image.Height} pixels, which the model takes, from {string.Join(", ", from)}{rest}.";
        }
    }

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
