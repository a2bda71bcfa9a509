namespace MlNetDl.Data;

/// <summary>A class of a folder of images.</summary>
/// <param name="Name">The name of its sub-folder.</param>
/// <param name="Files">The paths of its images, in ordinal order.</param>
public sealed record ImageClass(string Name, IReadOnlyList<string> Files);

/// <summary>What lies in a folder of images, and what is left out of it.</summary>
public sealed record ImageFolderContent
{
    private const int Named = 5;

    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The sub-folders with images, in ordinal order of their names. Images of folders within them are theirs.</summary>
    public required IReadOnlyList<ImageClass> Classes { get; init; }

    /// <summary>The paths of the images that lie right in the folder, in ordinal order.</summary>
    public required IReadOnlyList<string> Beside { get; init; }

    /// <summary>The names of the sub-folders without images.</summary>
    public required IReadOnlyList<string> EmptyFolders { get; init; }

    /// <summary>Paths of files that are no images.</summary>
    public required IReadOnlyList<string> Others { get; init; }

    /// <summary>Paths of files that are images of kinds which are not read, such as <c>.tif</c> and <c>.heic</c>.</summary>
    public required IReadOnlyList<string> Unread { get; init; }

    /// <summary>Paths of links to folders that lead back, and are not followed.</summary>
    public required IReadOnlyList<string> Loops { get; init; }

    /// <summary>How many files and folders are left out because they are hidden.</summary>
    public required int Hidden { get; init; }

    /// <summary>All images, in ordinal order of their paths.</summary>
    public IReadOnlyList<string> Images => [.. Beside.Concat(Classes.SelectMany(c => c.Files)).Order(StringComparer.Ordinal)];

    /// <summary>Whether images lie in sub-folders alone, which then are classes.</summary>
    public bool HasClasses => Beside.Count == 0 && Classes.Count > 0;

    /// <summary>The files with their classes. Images right in the folder have none, and are not among them.</summary>
    /// <param name="known">The classes in the order of their indices; <see langword="null"/> takes <see cref="Classes"/>.</param>
    /// <exception cref="InvalidDataException">No sub-folder has images, one is not among the known classes, or two differ in their spelling
    /// alone.</exception>
    public (IReadOnlyList<(string Path, int Class)> Files, ValueList<string> Classes) Labelled(ValueList<string>? known = null)
    {
        if (Classes.Count == 0)
        {
            throw new InvalidDataException($"'{Folder}' has no images in sub-folders; expected one folder a class, such as {Folder}/cat/1.png, with "
                + $"{ImageKinds.Expected} files.{(Unread.Count > 0 ? $" {UnreadText(Unread)}" : "")}");
        }

        var found = Classes.Select(c => c.Name).ToValueList();
        var names = known ?? found;
        ClassSpelling.Check(Folder, names.Concat(found));
        if (found.Except(names).ToList() is [var unknown, ..] all)
        {
            throw new InvalidDataException($"The folder '{Folder}' has {(all.Count == 1 ? $"a class '{unknown}', which is" : $"the classes "
                + $"{string.Join(", ", all.Take(Named).Select(n => $"'{n}'"))}{(all.Count > Named ? ", …" : "")}, which are")} not known; known "
                + $"are: {string.Join(", ", names)}.");
        }

        var indices = names.Index().ToDictionary(n => n.Item, n => n.Index);
        return ([.. Classes.OrderBy(c => indices[c.Name]).SelectMany(c => c.Files.Select(f => (f, indices[c.Name])))], names);
    }

    /// <summary>All images, where folders are no classes.</summary>
    /// <exception cref="InvalidDataException">There are none.</exception>
    public IReadOnlyList<string> Unlabelled() => Images is { Count: > 0 } images ? images : throw new InvalidDataException(
        $"'{Folder}' has no images; expected {ImageKinds.Expected} files right in it, or in one folder a class, such as {Folder}/cat/1.png."
            + (Unread.Count > 0 ? $" {UnreadText(Unread)}" : ""));

    /// <summary>What is said of images of kinds that are not read.</summary>
    private static string UnreadText(IReadOnlyCollection<string> files) =>
        $"{files.Count} files ({string.Join(", ", files.CountBy(f => Path.GetExtension(f).ToLowerInvariant()).Select(k => $"{k.Key} {k.Value}"))}) "
            + "are of kinds that are not read; convert them to PNG or JPEG.";
}
