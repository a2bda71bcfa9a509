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
            yield return size;
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

    /// <summary>What is left out of folders; nothing where all was taken.</summary>
    public static IEnumerable<string> LeftOut(string root, IReadOnlyList<ImageFolderContent> contents)
    {
        List<string> words =
        [
            .. Words([.. contents.SelectMany(c => c.Others)], "file that is no image", "files that are no images"),
            .. Words([.. contents.SelectMany(c => c.EmptyFolders.Select(f => Path.Combine(c.Folder, f)))], "folder without images", "folders without images"),
            .. Words([.. contents.SelectMany(c => c.Loops)], "link to a folder that is read anyway, or lies above", "links to folders that are read anyway, or lie above"),
        ];
        int hidden = contents.Sum(c => c.Hidden);
        if (hidden > 0)
        {
            words.Add(TableFormat.Counted(hidden, "hidden file or folder", "hidden files and folders"));
        }

        return words.Count == 0 ? [] : [$"left out: {string.Join("; ", words)}"];

        IEnumerable<string> Words(IReadOnlyList<string> paths, string one, string many)
        {
            var some = paths.Take(Named).Select(p => $"'{Path.GetRelativePath(root, p)}'");
            return paths.Count == 0 ? []
                : [$"{TableFormat.Counted(paths.Count, one, many)} ({string.Join(", ", some)}{(paths.Count > Named ? ", …" : "")})"];
        }
    }

    /// <summary>Images that are left out although somebody may count on them.</summary>
    public static IEnumerable<string> Missed(string root, IReadOnlyList<ImageFolderContent> contents, bool hasClasses)
    {
        var beside = hasClasses ? contents.SelectMany(c => c.Beside).ToList() : [];
        if (beside.Count > 0)
        {
            yield return $"{TableFormat.Counted(beside.Count, "image lies", "images lie")} beside the folders of classes, such as "
                + $"'{Path.GetRelativePath(root, beside[0])}', so {(beside.Count == 1 ? "it has no class and is" : "they have no class and are")} left out.";
        }

        var unread = contents.SelectMany(c => c.Unread).ToList();
        if (unread.Count > 0)
        {
            var kinds = unread.CountBy(f => Path.GetExtension(f).ToLowerInvariant()).Select(k => $"{k.Key} {k.Value}");
            yield return $"{TableFormat.Counted(unread.Count, "image")} of kinds that are not read {(unread.Count == 1 ? "is" : "are")} left out "
                + $"({string.Join(", ", kinds)}), such as '{Path.GetRelativePath(root, unread[0])}'; convert them to PNG or JPEG.";
        }
    }

    private static string Of(int some, int all) => some == all ? $"all {TableFormat.Counted(all, "image")}" : $"{some} of {TableFormat.Counted(all, "image")}";
}
