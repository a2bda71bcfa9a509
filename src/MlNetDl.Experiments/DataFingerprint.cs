using System.Security.Cryptography;
using System.Text;
using MlNetDl.Data;

namespace MlNetDl.Experiments;

/// <summary>Tells whether the files of an experiment's data are those of an earlier run.</summary>
internal static class DataFingerprint
{
    // Reading more would take longer than reporting a finished run may: of a larger file its length and both ends.
    private const int HashedBytes = 100_000_000, EndBytes = 1 << 20;

    /// <summary>What is seen of each file or folder, by its key in the configuration. Named data sets do not change, and what is not there
    /// or cannot be read has no print.</summary>
    public static SortedDictionary<string, string> Of(ExperimentData data)
    {
        var prints = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add("csv", data.Csv, OfFile);
        Add("testCsv", data.TestCsv, OfFile);
        Add("folder", data.Folder, OfFolder);
        return prints;

        void Add(string key, string? path, Func<string, string> print)
        {
            try
            {
                if (path is not null)
                {
                    prints[key] = print(path);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // Whoever needs the data says what is wrong with it.
            }
        }
    }

    /// <summary>The keys whose files have changed; of what either print lacks, nothing is known.</summary>
    public static IReadOnlyList<string> Changed(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now) =>
        [.. before.Where(p => now.TryGetValue(p.Key, out var print) && print != p.Value).Select(p => p.Key)];

    private static string OfFile(string path)
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

    // Names and lengths of the images that are read: to read them all would take as long as to train on some.
    private static string OfFolder(string path)
    {
        var (train, test) = LoadedData.Parts(path);
        var files = ImageFolder.List(train).Files.Concat(test is null ? [] : ImageFolder.List(test).Files);
        var list = string.Concat(files.Select(f => $"{Path.GetRelativePath(path, f.Path).Replace('\\', '/')} {Length(f.Path)}\n"));
        return $"sha256 of names and lengths {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)))}";
    }

    private static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file.Length : (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo)?.Length ?? 0;
    }
}
