using System.Security.Cryptography;
using System.Text;

namespace MlNetDl.Experiments;

/// <summary>Digests of files. They tell whether an experiment's data is that of an earlier run.</summary>
public static class DataFingerprint
{
    // Reading more would take longer than reporting a finished run may. So a larger file counts by its length and both
    // ends.
    private const int HashedBytes = 100_000_000, EndBytes = 1 << 20;

    /// <summary>Digests the bytes of a file, or both ends of a file that is larger than 100 MB. A link counts as the
    /// file that it points to.</summary>
    /// <returns>The digest; <see langword="null"/> without a path, or where the file cannot be read. The code that
    /// needs the data reports the reason.</returns>
    public static string? OfFile(string? path) => path is null ? null : Readable(() => Digest(path));

    /// <summary>Digests the names and lengths of many files, because reading them all would take as long as training on
    /// some.</summary>
    /// <param name="folder">The folder that names are taken relative to.</param>
    /// <param name="files">Finds their paths, in an order that is always the same.</param>
    /// <returns>The digest; <see langword="null"/> where the files cannot be found.</returns>
    public static string? OfNames(string folder, Func<IEnumerable<string>> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return Readable(() =>
        {
            var list = string.Concat(files().Select(f => $"{Path.GetRelativePath(folder, f).Replace('\\', '/')} {Length(f)}\n"));
            return $"sha256 of names and lengths {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)))}";
        });
    }

    /// <summary>The digest of each file or folder by its key in the configuration, without those that cannot be
    /// read.</summary>
    internal static SortedDictionary<string, string> Of(DataSource data)
    {
        var seen = data.Fingerprint().Where(f => f.Print is not null).ToDictionary(f => f.Key, f => f.Print!);
        return new(seen, StringComparer.Ordinal);
    }

    /// <summary>The keys whose files have changed. A key that is in one of the two only counts as unchanged.</summary>
    internal static IReadOnlyList<string> Changed(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now) =>
        [.. before.Where(p => now.TryGetValue(p.Key, out var print) && print != p.Value).Select(p => p.Key)];

    private static string? Readable(Func<string> print)
    {
        try
        {
            return print();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    private static string Digest(string path)
    {
        // The length is that of the opened file, because a link has a length of its own.
        using var stream = File.OpenRead(path);
        if (stream.Length <= HashedBytes)
        {
            return $"sha256 {Convert.ToHexStringLower(SHA256.HashData(stream))}";
        }

        var ends = new byte[2 * EndBytes];
        stream.ReadExactly(ends, 0, EndBytes);
        stream.Seek(-EndBytes, SeekOrigin.End);
        stream.ReadExactly(ends, EndBytes, EndBytes);
        return $"{stream.Length} bytes, sha256 of both ends {Convert.ToHexStringLower(SHA256.HashData(ends))}";
    }

    private static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file.Length : (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo)?.Length ?? 0;
    }
}
