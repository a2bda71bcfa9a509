namespace MlNetDl.Data;

/// <summary>Walks a folder and all below it. A link to another folder is followed. One that leads to a folder above, or to one that is read anyway,
/// is not, so the walk ends and no image is found twice.</summary>
internal sealed class ImageWalk
{
    private static readonly EnumerationOptions All = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
    };

    private static readonly EnumerationOptions AllBelow = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
        RecurseSubdirectories = true,
    };

    // The real folders that were walked, and those above the first one. Links come last, so that images keep the class of the folder
    // in which they really lie, whatever order a system lists folders in.
    private readonly HashSet<string> seen = [];
    private readonly SortedSet<string> links = new(StringComparer.Ordinal);

    /// <summary>Starts at a folder.</summary>
    public ImageWalk(string folder)
    {
        for (var above = Path.GetDirectoryName(Real(folder)); above is not null; above = Path.GetDirectoryName(above))
        {
            seen.Add(above);
        }

        Walk(folder, Real(folder));
        while (links.Min is { } link)
        {
            links.Remove(link);
            Walk(link, Real(link));
        }
    }

    /// <summary>Paths of images, in the order in which they were found.</summary>
    public List<string> Images { get; } = [];

    /// <summary>Paths of files that are no images.</summary>
    public List<string> Others { get; } = [];

    /// <summary>Paths of links that lead back.</summary>
    public List<string> Loops { get; } = [];

    /// <summary>How many files and folders are hidden, or are what systems leave behind. Those below such folders are not counted.</summary>
    public int Hidden { get; private set; }

    /// <summary>The folders right in a folder without the hidden ones, in ordinal order of their names.</summary>
    public static IReadOnlyList<string> Folders(string folder) => Entries(folder).OfType<DirectoryInfo>().Where(f => !IsHidden(f)).Select(f => f.Name)
        .Order(StringComparer.Ordinal).Select(name => Path.Combine(folder, name)).ToList();

    /// <summary>Whether an image lies right in the folder.</summary>
    public static bool HasOwnImages(string folder) => Entries(folder).Any(e => e is FileInfo && !IsHidden(e) && ImageKinds.IsRead(e.Name));

    /// <summary>Whether an image lies in the folder or below it. The first one ends the search.</summary>
    public static bool HasImages(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder, "*", AllBelow).Any(f => ImageKinds.IsRead(f) && !HasHiddenPart(Path.GetRelativePath(folder, f)))
                || new ImageWalk(folder).Images.Count > 0;
        }
        catch (UnauthorizedAccessException)
        {
            // The walk says which folder cannot be opened.
            return new ImageWalk(folder).Images.Count > 0;
        }
    }

    private static bool HasHiddenPart(string path) =>
        path.Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.') || part == "__MACOSX");

    private static void MustHaveName(FileSystemInfo folder)
    {
        if (folder.Name.Contains('\uFFFD', StringComparison.Ordinal) && !Directory.Exists(folder.FullName))
        {
            throw new InvalidDataException($"The folder '{Path.GetDirectoryName(folder.FullName)}' has a sub-folder '{folder.Name}' whose name is not valid "
                + "UTF-8, so that it cannot be opened by name; rename it.");
        }
    }

    private static bool IsHidden(FileSystemInfo entry) => entry.Name.StartsWith('.') || entry.Name == "__MACOSX"
        || (OperatingSystem.IsWindows() && (entry.Attributes & (FileAttributes.Hidden | FileAttributes.System)) != 0);

    private static IEnumerable<FileSystemInfo> Entries(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", All)];
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not DirectoryNotFoundException)
        {
            throw new InvalidDataException($"The folder '{folder}' cannot be opened: {e.Message} Give yourself the right to read it, or move it elsewhere.", e);
        }
    }

    private void Walk(string folder, string real)
    {
        if (!seen.Add(real))
        {
            Loops.Add(folder);
            return;
        }

        foreach (var entry in Entries(folder))
        {
            var path = Path.Combine(folder, entry.Name);
            if (IsHidden(entry))
            {
                Hidden++;
            }
            else if (entry is DirectoryInfo)
            {
                MustHaveName(entry);
                if (entry.LinkTarget is null)
                {
                    Walk(path, Path.Combine(real, entry.Name));
                }
                else
                {
                    links.Add(path);
                }
            }
            else
            {
                (ImageKinds.IsRead(entry.Name) ? Images : Others).Add(path);
            }
        }
    }

    // The path without links in any of its parts.
    private static string Real(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } above)
        {
            return full;
        }

        return new DirectoryInfo(full).LinkTarget is { } target
            ? Real(Path.Combine(Real(above), target))
            : Path.Combine(Real(above), Path.GetFileName(full));
    }
}
