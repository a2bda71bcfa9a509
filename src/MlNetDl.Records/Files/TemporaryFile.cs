using System.Security.Cryptography;
using System.Text;

namespace MlNetDl.Files;

/// <summary>The temporary files of <see cref="AtomicFile"/>: <c>NAME.MACHINE.RANDOM.tmp</c> beside the file
/// that is written.</summary>
/// <remarks>
/// The writer keeps its file open, and so locked, until the file is renamed. The system frees the lock of a
/// process that dies. So a file without a lock was left behind, provided that it was written on this machine and
/// that locks work in this folder. Some network shares show no locks, or show them on one machine only; there the
/// age of the file decides.
/// </remarks>
internal static class TemporaryFile
{
    private const string Extension = ".tmp";

    // Much longer than writing a model takes.
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    // The file exists for a moment before it is locked.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    private static readonly string Machine = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(MachineName())))[..8];

    /// <summary>A new name for the file that will become <paramref name="target"/>. File systems take it even where the
    /// target's own name is as long as they allow.</summary>
    public static string For(string target) => Path.Combine(
        Path.GetDirectoryName(target)!,
        $"{Stem(target)}{Machine}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}{Extension}");

    /// <summary>Whether a file is named like one of these.</summary>
    public static bool IsOne(string path) => Path.GetExtension(path) == Extension;

    /// <summary>Makes the file; it may be renamed while the stream is open.</summary>
    public static FileStream Create(string temporary) => new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);

    /// <summary>Deletes what dead processes have left of <paramref name="target"/>.</summary>
    /// <param name="target">The file that is written.</param>
    /// <param name="own">The temporary file of this writer, which is open.</param>
    public static void ClearLeftBehind(string target, string own)
    {
        string stem = Stem(target);
        List<string> others;
        try
        {
            others = Others(target, stem, own);
        }
        catch (UnauthorizedAccessException)
        {
            // The folder may be written to, but not listed.
            return;
        }

        if (others.Count == 0)
        {
            return;
        }

        bool locksWork = IsLocked(own);
        foreach (var path in others)
        {
            bool certain = locksWork && Path.GetFileName(path).StartsWith(stem + Machine, StringComparison.Ordinal);
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > (certain ? Settled : Abandoned) && !IsLocked(path))
            {
                TryDelete(path);
            }
        }
    }

    /// <summary>Whether locks work in the folder of a file: whether what one handle has locked is refused to another.
    /// <see langword="null"/> where that cannot be tried, because the folder may not be written or .NET was told to lock
    /// nothing.</summary>
    public static bool? LocksWorkBeside(string target)
    {
        if (LocksAreOff())
        {
            return null;
        }

        string probe = For(target);
        try
        {
            using (Create(probe))
            {
                ClearLeftBehind(target, probe);
                return IsLocked(probe);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        finally
        {
            TryDelete(probe);
        }
    }

    // The settings of .NET by which its streams leave files unlocked.
    private static bool LocksAreOff() =>
        (AppContext.TryGetSwitch("System.IO.DisableFileLocking", out bool off) && off)
        || Environment.GetEnvironmentVariable("DOTNET_SYSTEM_IO_DISABLEFILELOCKING") is "1" or "true";

    private static List<string> Others(string target, string stem, string own) =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(target)!, $"*{Extension}")
            .Where(path => IsTemporary(Path.GetFileName(path), stem) && path != own)];

    private static bool IsTemporary(string name, string stem) => name.StartsWith(stem, StringComparison.Ordinal)
        && name.Length == stem.Length + 17 + Extension.Length
        && name[stem.Length + 8] == '.';

    // File systems count names in bytes: 255, or 143 in encrypted folders. Targets that begin alike share their stem.
    // That does no harm, because only files without an owner are deleted.
    private static string Stem(string target)
    {
        const int Most = 100;
        var (stem, bytes) = (new StringBuilder(), 0);
        foreach (var rune in Path.GetFileName(target).EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > Most)
            {
                break;
            }

            stem.Append(rune);
        }

        return stem.Append('.').ToString();
    }

    private static bool IsLocked(string path)
    {
        try
        {
            using var probe = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file is another user's, or another process was faster.
        }
    }

    // Containers of one Linux kernel see each other's locks. They share the boot, but each has its own host name: the
    // boot identifies the machine.
    private static string MachineName()
    {
        const string Boot = "/proc/sys/kernel/random/boot_id";
        try
        {
            return File.ReadAllText(Boot);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Environment.MachineName;
        }
    }
}
