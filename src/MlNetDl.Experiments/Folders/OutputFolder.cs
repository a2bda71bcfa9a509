using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>A folder that results go to.</summary>
internal static class OutputFolder
{
    /// <summary>Makes the folder.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Make(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder '{path}' of the run cannot be made: {e.Message} Choose another with --output.", e);
        }
    }

    /// <summary>Refuses a folder that cannot be made, and leaves nothing.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Question(string path)
    {
        // The nearest folder that is there would get the others.
        var full = Path.GetFullPath(path);
        var above = full;
        while (!Path.Exists(above))
        {
            above = Path.GetDirectoryName(above)
                ?? throw new IOException($"The folder '{path}' of the run cannot be made: there is no '{Path.GetPathRoot(full)}'. "
                    + "Choose another with --output.");
        }

        var probe = Path.Combine(above, $"{Guid.NewGuid():N}.tmp");
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder '{path}' of the run cannot be made, because nothing can be written in '{above}'. "
                + "Choose another with --output.", e);
        }
    }

    /// <summary>Makes the folder for some files, which may be there already.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="what">What the files tell, such as <c>what layers bear</c>.</param>
    /// <param name="files">Their names.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="RunFolderConflictException">It holds something else.</exception>
    public static void MakeFor(string path, string what, params IReadOnlyCollection<string> files)
    {
        Make(path);
        if (Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName)
            .FirstOrDefault(f => !files.Contains(f!) && !TemporaryFile.IsOne(f!)) is { } other)
        {
            throw new RunFolderConflictException($"The folder '{path}' holds something else than {what}, such as '{other}'; choose another with --output.");
        }
    }
}
