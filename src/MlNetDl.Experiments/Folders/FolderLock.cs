namespace MlNetDl.Experiments;

/// <summary>Holds a folder for one process: two that train into it would leave files of both. The system frees the lock of a
/// process that dies.</summary>
internal sealed class FolderLock : IDisposable
{
    // Named like a temporary file, so that it counts as nothing that was made.
    private const string Name = "running.tmp";
    private readonly FileStream? held;

    private FolderLock(FileStream? held) => this.held = held;

    /// <summary>Takes the folder, which is made where it is not there.</summary>
    /// <exception cref="RunFolderConflictException">Another process works in it.</exception>
    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, Name);
        while (true)
        {
            try
            {
                Directory.CreateDirectory(folder);
                var held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
                // The one before may have deleted the file that was just opened.
                if (File.Exists(path))
                {
                    return new(held);
                }

                held.Dispose();
            }
            catch (UnauthorizedAccessException)
            {
                // Nothing can be written, but what is done can be read.
                return new(null);
            }
            catch (IOException e) when (File.Exists(path))
            {
                throw new RunFolderConflictException($"Another process works in '{folder}'; wait for it, or choose another folder with --output. "
                    + $"({e.Message})");
            }
            catch (IOException)
            {
                // No folder, or no place: opening it says what is wrong.
                return new(null);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => held?.Dispose();
}
