using MlNetDl.Files;

namespace MlNetDl.Tests.Files;

public sealed class AtomicFileTests
{
    [Fact]
    public void It_makes_folders_and_replaces_what_was_there()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "new", "deep", "file.txt");
        AtomicFile.WriteText(path, "a longer first text");
        AtomicFile.WriteText(path, "second");
        Assert.Equal("second", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void When_writing_fails_half_way_the_old_file_stays_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model.zip"], "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["model.zip"], stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(folder["model.zip"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void When_the_disk_is_full_the_old_file_stays_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model.zip"], "old");
        var error = Assert.Throws<IOException>(() => AtomicFile.Write(folder["model.zip"], stream =>
        {
            stream.WriteByte(1);
            if (OperatingSystem.IsLinux())
            {
                // The system's own error: a device that is always full.
                using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
                full.Write(new byte[100_000]);
                full.Flush();
            }

            throw new IOException("No space left on device");
        }));
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(folder["model.zip"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void When_the_target_is_a_folder_it_stays_and_no_temporary_file_does()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["model.zip"]);
        var error = Record.Exception(() => AtomicFile.WriteText(folder["model.zip"], "text"));
        Assert.True(error is IOException or UnauthorizedAccessException, $"{error}");
        Assert.Equal([folder["model.zip"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void When_the_folder_is_a_file_the_file_stays()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "old");
        Assert.ThrowsAny<IOException>(() => AtomicFile.WriteText(Path.Combine(folder["file"], "model.zip"), "text"));
        Assert.Equal("old", File.ReadAllText(folder["file"]));
    }

    [Fact]
    public void Readers_of_the_old_file_keep_it()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "old");
        using var reader = new StreamReader(new FileStream(folder["file"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        AtomicFile.WriteText(folder["file"], "new");
        Assert.Equal("old", reader.ReadToEnd());
        Assert.Equal("new", File.ReadAllText(folder["file"]));
    }
}
