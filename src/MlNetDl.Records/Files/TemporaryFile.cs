using System.Security.Cryptography;
using System.Text;

namespace MlNetDl.Files;

/// <summary>The temporary files of <see cref="AtomicFile"/>: <c>NAME.MACHINE.RANDOM.tmp</c> beside the file that is written.</summary>
/// <remarks>
/// The writer keeps its file open, and thereby locked, until it is renamed; the system frees the lock of a process that dies. So a file
/// without a lock is one that was left behind, if it was
/// written on this machine and locks work in this folder: on some network shares a lock is not seen, or not by other machines. Of other
/// files only the age tells.
/// </remarks>
internal static class TemporaryFile
{
    private const string Extension = ".tmp";

    // Much longer than writing a model takes.
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    // A file is made first and locked then.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    private static readonly string Machine = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(MachineName())))[..8];

    /// <summary>A new name for what will become <paramref name="target"/>, no longer than file systems take even where the target's own is
    /// as long as that.</summary>
    public static string For(string target) => Path.Combine(Path.GetDirectoryName(target)!, $"{Stem(target)}{Machine}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}{Extension}");

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
            // A folder that may be written to and not be listed.
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

    private static List<string> Others(string target, string stem, string own) =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(target)!, $"*{Extension}").Where(path => IsTemporary(Path.GetFileName(path), stem) && path != own)];

    private static bool IsTemporary(string name, string stem) =>
        name.StartsWith(stem, StringComparison.Ordinal) && name.Length == stem.Length + 17 + Extension.Length && name[stem.Length + 8] == '.';

    // Names are counted in bytes: 255 of them, 143 in encrypted folders. Targets with one beginning share their stem, which does no harm:
    // what is deleted is nobody's.
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
            // Another user's, or another process was faster.
        }
    }

    // All containers of one Linux kernel see each other's locks; they have one boot, and names of their own.
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
