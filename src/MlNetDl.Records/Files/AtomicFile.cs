using System.Text;

namespace MlNetDl.Files;

/// <summary>Writes a file whole or not at all: to a temporary file beside it, flushed to the disk, then
/// renamed over it.</summary>
/// <remarks>A process that is killed while it writes leaves its temporary file; the next one that writes the same
/// file deletes it.</remarks>
public static class AtomicFile
{
    /// <summary>Replaces <paramref name="path"/> by what <paramref name="write"/> writes. If anything fails the old
    /// file stays as it was, and no temporary file is left.</summary>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to, or <paramref name="path"/>
    /// is a folder.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        MakeFolder(path, Path.GetDirectoryName(full)!);
        var temporary = TemporaryFile.For(full);
        try
        {
            using var stream = TemporaryFile.Create(temporary);
            TemporaryFile.ClearLeftBehind(full, temporary);
            write(stream);
            stream.Flush(flushToDisk: true);

            // The file is renamed while it is open. Once closed, it would look like one that a dead process has left.
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static void MakeFolder(string path, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (IOException e)
        {
            throw new IOException($"'{path}' cannot be written, because there is no folder '{folder}', and none can be made: {e.Message}", e);
        }
    }

    /// <summary>Replaces <paramref name="path"/> by <paramref name="text"/> in UTF-8.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
