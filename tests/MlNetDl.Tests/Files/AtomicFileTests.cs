using System.Diagnostics;
using System.Globalization;
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
        using var reader = new StreamReader(
            new FileStream(folder["file"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        AtomicFile.WriteText(folder["file"], "new");
        Assert.Equal("old", reader.ReadToEnd());
        Assert.Equal("new", File.ReadAllText(folder["file"]));
    }

    [Fact]
    public void What_a_killed_process_left_of_a_file_the_next_writer_of_it_deletes()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model.zip"], "old");
        using (var writer = Process.Start(ChildProcess.Start(
            Path.Combine(ChildProcess.OutputOf("tests/hosts/ScoringHost"), "ScoringHost.dll"),
            "write",
            folder["model.zip"]))!)
        {
            Assert.Equal("writes", writer.StandardOutput.ReadLine());
            AgeAll(folder, TimeSpan.FromHours(1));
            AtomicFile.WriteText(folder["model.zip"], "of another, beside one that is at work");
            Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
            writer.Kill();
            writer.WaitForExit();
        }

        Assert.Equal("of another, beside one that is at work", File.ReadAllText(folder["model.zip"]));
        AtomicFile.WriteText(folder["other.zip"], "another file");
        Assert.Equal(1 << 20, new FileInfo(Assert.Single(Directory.GetFiles(folder.Path, "*.tmp"))).Length);
        AgeAll(folder, TimeSpan.FromSeconds(10));
        AtomicFile.WriteText(folder["model.zip"], "new");
        Assert.Equal("new", File.ReadAllText(folder["model.zip"]));
        Assert.Equal([folder["model.zip"], folder["other.zip"]], Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("model.zip.01234567.89abcdef.tmp", 23, true)]
    [InlineData("model.zip.01234567.89abcdef.tmp", 25, false)]
    [InlineData("model.zip.backup.tmp", 25, true)]
    [InlineData("other.zip.01234567.89abcdef.tmp", 25, true)]
    public void What_another_machine_left_is_deleted_after_a_day_and_files_of_others_never(string name, int hours, bool stays)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[name], "of another machine");
        AgeAll(folder, TimeSpan.FromHours(hours));
        AtomicFile.WriteText(folder["model.zip"], "new");
        Assert.Equal(stays, File.Exists(folder[name]));
    }

    [Theory]
    [InlineData("n", 251)]
    [InlineData("é", 125)]
    [InlineData("日", 83)]
    [InlineData("🌳", 62)]
    public void Names_may_be_as_long_as_the_system_takes_them(string letter, int count)
    {
        using var folder = new TemporaryFolder();
        var path = folder[string.Concat(Enumerable.Repeat(letter, OperatingSystem.IsWindows() ? count / letter.Length : count)) + ".zip"];
        AtomicFile.WriteText(path, "first");
        AtomicFile.WriteText(path, "second");
        Assert.Equal("second", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Writers_of_one_file_do_not_disturb_each_other()
    {
        using var folder = new TemporaryFolder();
        Parallel.For(0, 64, i => AtomicFile.WriteText(folder["file"], $"{i}"));
        Assert.InRange(int.Parse(File.ReadAllText(folder["file"]), CultureInfo.InvariantCulture), 0, 63);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    private static void AgeAll(TemporaryFolder folder, TimeSpan age)
    {
        foreach (var file in Directory.GetFiles(folder.Path))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - age);
        }
    }
}
