using System.Security.Cryptography;
using System.Text;
using MlNetDl.Data;

namespace MlNetDl.Experiments;

/// <summary>Tells whether the files of an experiment's data are those of an earlier run.</summary>
internal static class DataFingerprint
{
    // Reading more would take longer than reporting a finished run may.
    private const long HashedBytes = 100_000_000;

    /// <summary>What is seen of each file or folder, by its key in the configuration. Named data sets do not change, and what is not there has no print.</summary>
    public static SortedDictionary<string, string> Of(ExperimentData data)
    {
        var prints = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add("csv", data.Csv is { } csv && File.Exists(csv) ? OfFile(csv) : null);
        Add("testCsv", data.TestCsv is { } test && File.Exists(test) ? OfFile(test) : null);
        Add("folder", data.Folder is { } folder && Directory.Exists(folder) ? OfFolder(folder) : null);
        return prints;

        void Add(string key, string? print)
        {
            if (print is not null)
            {
                prints[key] = print;
            }
        }
    }

    /// <summary>The keys whose files have changed; of what either print lacks, nothing is known.</summary>
    public static IReadOnlyList<string> Changed(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now) =>
        [.. before.Where(p => now.TryGetValue(p.Key, out var print) && print != p.Value).Select(p => p.Key)];

    private static string OfFile(string path)
    {
        var file = new FileInfo(path);
        if (file.Length > HashedBytes)
        {
            return $"{file.Length} bytes, written {file.LastWriteTimeUtc:O}";
        }

        using var stream = file.OpenRead();
        return $"sha256 {Convert.ToHexStringLower(SHA256.HashData(stream))}";
    }

    // Names and lengths: to read all images would take as long as to train on some.
    private static string OfFolder(string path)
    {
        var list = string.Concat(ImageFolder.Images(path).Select(f => $"{Path.GetRelativePath(path, f).Replace('\\', '/')} {new FileInfo(f).Length}\n"));
        return $"sha256 of names and lengths {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)))}";
    }
}
