using MlNetDl.Data;
using MlNetDl.Images;

namespace MlNetDl.Experiments;

/// <summary>What is said of image files: what they become, and what is left out.</summary>
internal static class ImageNotes
{
    private const int Named = 3;

    /// <summary>What images become beside their size.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="input">What the network takes.</param>
    /// <param name="heads">The heads of all files.</param>
    public static IEnumerable<string> Of(ImageOptions options, ImageInput input, IReadOnlyList<ImageHead> heads)
    {
        var (isAsked, grey) = (options.Channels is not null, heads.Count(h => h.IsGrey));
        var size = $"the network takes {input.Channels}x{input.Height}x{input.Width}";
        if (!isAsked && input.Channels == 1)
        {
            yield return $"all images to train on are grey: {size}; data.image.channels: 3 takes three channels";
        }
        else if (!isAsked || !options.HasSize)
        {
            yield return $"{size}{(heads.All(h => (h.Width, h.Height) == (input.Width, input.Height)) ? ", the size of all images" : "")}";
        }

        int colourful = heads.Count - grey;
        if (input.Channels == 1 && colourful > 0)
        {
            yield return $"{Of(colourful, heads.Count)} {(colourful == 1 ? "has" : "have")} colours, and become grey";
        }
        else if (input.Channels == 3 && grey > 0)
        {
            yield return $"{Of(grey, heads.Count)} {(grey == 1 ? "is" : "are")} grey, and get three equal channels";
        }

        int animated = heads.Count(h => h.Frames > 1);
        if (animated > 0)
        {
            yield return $"{Of(animated, heads.Count)} {(animated == 1 ? "is" : "are")} animated: the first picture is taken";
        }
    }

    /// <summary>How images are kept: in memory, or decoded again in every epoch.</summary>
    /// <param name="parts">The images of all parts.</param>
    /// <param name="budget">The memory that they may take.</param>
    public static string Memory(IReadOnlyList<Examples> parts, MemoryBudget budget)
    {
        long size = parts[0].Shape.ElementsPerExample();
        int count = parts.Sum(p => p.Count), held = parts.Sum(p => p.HeldCount);
        var all = $"{TableFormat.Counted(count, "image")}, {TableFormat.Bytes(count * size)} decoded";
        var others = held == 0 ? "all" : $"{TableFormat.Counted(held, "image is", "images are")} kept in memory, the others";
        return held == count ? $"{all}: kept in memory"
            : $"{all}, more than the {TableFormat.Bytes(budget.Bytes)} that they may take (data.{ImageData.MemoryKey}): {others} are decoded "
                + "again in every epoch";
    }

    /// <summary>What is left out of a folder beside images; nothing where all was taken.</summary>
    /// <param name="whole">The folder with all its parts.</param>
    /// <param name="empty">Folders without images that could be classes or parts.</param>
    public static IEnumerable<string> LeftOut(ImageFolderContent whole, IReadOnlyList<string> empty)
    {
        List<string> words =
        [
            .. Words(whole.Others, "file that is no image", "files that are no images"),
            .. Words(empty, "folder without images", "folders without images"),
            .. Words(whole.Loops, "link to a folder that is read anyway, or lies above", "links to folders that are read anyway, or lie above"),
        ];
        if (whole.Hidden > 0)
        {
            words.Add(TableFormat.Counted(whole.Hidden, "hidden file or folder", "hidden files and folders"));
        }

        return words.Count == 0 ? [] : [$"left out: {string.Join("; ", words)}"];

        IEnumerable<string> Words(IReadOnlyList<string> paths, string one, string many)
        {
            var some = paths.Take(Named).Select(p => $"'{Path.GetRelativePath(whole.Folder, p)}'");
            return paths.Count == 0 ? []
                : [$"{TableFormat.Counted(paths.Count, one, many)} ({string.Join(", ", some)}{(paths.Count > Named ? ", …" : "")})"];
        }
    }

    /// <summary>Images that are left out although somebody may count on them.</summary>
    /// <param name="whole">The folder with all its parts.</param>
    /// <param name="used">The images that are read.</param>
    public static IEnumerable<string> Missed(ImageFolderContent whole, IReadOnlySet<string> used)
    {
        var missed = whole.Images.Where(f => !used.Contains(f)).ToList();
        if (missed.Count > 0)
        {
            yield return $"{TableFormat.Counted(missed.Count, "image")} beside the folders of classes and parts {(missed.Count == 1 ? "is" : "are")} "
                + $"left out, such as '{Path.GetRelativePath(whole.Folder, missed[0])}'.";
        }

        if (whole.Unread.Count > 0)
        {
            var kinds = whole.Unread.CountBy(f => Path.GetExtension(f).ToLowerInvariant()).Select(k => $"{k.Key} {k.Value}");
            yield return $"{TableFormat.Counted(whole.Unread.Count, "image")} of kinds that are not read {(whole.Unread.Count == 1 ? "is" : "are")} left out "
                + $"({string.Join(", ", kinds)}), such as '{Path.GetRelativePath(whole.Folder, whole.Unread[0])}'; convert them to PNG or JPEG.";
        }
    }

    private static string Of(int some, int all) => some == all ? $"all {TableFormat.Counted(all, "image")}" : $"{some} of {TableFormat.Counted(all, "image")}";
}
