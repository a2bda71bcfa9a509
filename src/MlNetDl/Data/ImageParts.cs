namespace MlNetDl.Data;

/// <summary>The parts of a folder of images: sub-folders that are named like them, such as <c>train</c>, <c>val</c> and <c>test</c>, in upper or
/// lower case.</summary>
public sealed record ImageParts
{
    /// <summary>The names of each part, in lower case.</summary>
    private static readonly string[][] Names = [["train", "training"], ["val", "valid", "validation", "dev"], ["test", "testing"]];

    /// <summary>The folder that has the parts, or the classes: the given one, or a folder in it where nothing else is there.</summary>
    public required string Root { get; init; }

    /// <summary>The folder to train on: <see cref="Root"/> where there are no parts; <see langword="null"/> where the other parts lack it.</summary>
    public string? Train { get; init; }

    /// <summary>The folder to validate with; <see langword="null"/> where there is none.</summary>
    public string? Validation { get; init; }

    /// <summary>The folder to test with; <see langword="null"/> where there is none.</summary>
    public string? Test { get; init; }

    /// <summary>Whether the folder has parts.</summary>
    public bool HasParts => Train != Root;

    /// <summary>Looks for the parts of a folder.</summary>
    /// <param name="folder">The folder. One that holds a single folder, and no image beside it, stands for that.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="InvalidDataException">A part is there twice, or a folder is named like a part and lies beside classes.</exception>
    public static ImageParts Of(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The image folder '{folder}' does not exist.");
        }

        var root = Inner(folder);
        var folders = ImageWalk.Folders(root);
        var named = folders.Where(f => PartOf(Path.GetFileName(f)) is not null).ToList();
        var others = named.Count == 0 ? [] : folders.Except(named).Where(ImageWalk.HasImages).ToList();
        // A class may have such a name too, two hardly: images lie right in these folders then, as in those beside them.
        bool areParts = named.Select(f => PartOf(Path.GetFileName(f))).Distinct().Skip(1).Any();
        if (named.Count == 0 || (others.Count > 0 && !areParts && named.TrueForAll(f => ImageWalk.HasOwnImages(f) || !ImageWalk.HasImages(f))))
        {
            return new() { Root = root, Train = root };
        }

        var parts = named.ToLookup(f => PartOf(Path.GetFileName(f))!.Value);
        if (parts.FirstOrDefault(p => p.Skip(1).Any()) is { } twice)
        {
            throw new InvalidDataException($"'{root}' has one part twice: {string.Join(" and ", twice.Select(f => $"'{Path.GetFileName(f)}'"))}; put their "
                + "images together.");
        }

        if (others.Count > 0 && !parts.Contains(0))
        {
            throw new InvalidDataException($"'{root}' has '{Path.GetFileName(named[0])}', which is named like a part, beside "
                + $"{string.Join(", ", others.Take(3).Select(f => $"'{Path.GetFileName(f)}'"))}{(others.Count > 3 ? ", …" : "")}, but no folder 'train'; "
                + "move the classes to train on into a folder 'train'.");
        }

        return new()
        {
            Root = root,
            Train = Part(0),
            Validation = Part(1),
            Test = Part(2),
        };

        string? Part(int part) => parts[part].FirstOrDefault() is { } found ? Inner(found) : null;
    }

    /// <summary>The part that a word names in upper or lower case: 0 to train on, 1 to validate with, 2 to test with; <see langword="null"/> where it
    /// names none.</summary>
    public static int? PartOf(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        int part = Array.FindIndex(Names, names => names.Contains(word.Trim(), StringComparer.OrdinalIgnoreCase));
        return part < 0 ? null : part;
    }

    // The folder, or the one in it that holds everything: people pack a folder into one of the same name.
    private static string Inner(string folder)
    {
        if (ImageWalk.HasOwnImages(folder) || ImageWalk.Folders(folder).Where(ImageWalk.HasImages).Take(2).ToList() is not [var single]
            || PartOf(Path.GetFileName(single)) is not null || ImageWalk.HasOwnImages(single))
        {
            return folder;
        }

        var inner = Inner(single);
        var folders = ImageWalk.Folders(inner);
        return folders.Where(ImageWalk.HasImages).Skip(1).Any() || folders.Any(f => PartOf(Path.GetFileName(f)) is not null) ? inner : folder;
    }
}
