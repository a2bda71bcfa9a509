using System.Security.Cryptography;
using System.Text;

namespace MlNetDl.Experiments;

/// <summary>What is seen of files: tells whether those of an experiment's data are the ones of an earlier
/// run.</summary>
public static class DataFingerprint
{
    // Reading more would take longer than reporting a finished run may: of a larger file its length and both ends.
    private const int HashedBytes = 100_000_000, EndBytes = 1 << 20;

    /// <summary>Of a file: a digest of its bytes, or of both ends where it is larger than 100 MB; of a link, what it
    /// points to. <see langword="null"/> for no path, and for what cannot be read: whoever needs the data says what is
    /// wrong with it.</summary>
    public static string? OfFile(string? path) => path is null ? null : Readable(() => Digest(path));

    /// <summary>Of many files: a digest of their names and lengths, as to read them all would take as long as to train
    /// on some. <see langword="null"/> where they cannot be found.</summary>
    /// <param name="folder">The folder that names are taken relative to.</param>
    /// <param name="files">Finds their paths, in an order that is always the same.</param>
    public static string? OfNames(string folder, Func<IEnumerable<string>> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return Readable(() =>
        {
            var list = string.Concat(files().Select(f => $"{Path.GetRelativePath(folder, f).Replace('\\', '/')} {Length(f)}\n"));
            return $"sha256 of names and lengths {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)))}";
        });
    }

    /// <summary>What is seen of each file or folder, by its key in the configuration; what cannot be seen
    /// is left out.</summary>
    internal static SortedDictionary<string, string> Of(DataSource data)
    {
        var seen = data.Fingerprint().Where(f => f.Print is not null).ToDictionary(f => f.Key, f => f.Print!);
        return new(seen, StringComparer.Ordinal);
    }

    /// <summary>The keys whose files have changed; of what either print lacks, nothing is known.</summary>
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
        // Of what is opened, as a link would tell of itself.
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
