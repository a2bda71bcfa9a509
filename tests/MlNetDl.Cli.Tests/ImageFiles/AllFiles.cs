using System.Globalization;
using System.Text.RegularExpressions;

namespace MlNetDl.Cli.Tests.ImageFiles;

/// <summary>Counts the files of a folder, and what is said of them.</summary>
internal static partial class AllFiles
{
    /// <summary>Fails unless each file is read, or counted as left out. Folders with links are passed over: a file has several paths there.</summary>
    /// <param name="said">What is said of the folder.</param>
    /// <param name="folder">The folder.</param>
    public static void MustBeIn(string said, string folder)
    {
        if (Below(folder) is not { } files)
        {
            return;
        }

        // An image that cannot be read is none of those to train on or to test with.
        var told = Told().Matches(said).Select(m => int.Parse(m.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)).ToList();
        Assert.True(files.Count(f => !f.IsHidden) == told.Sum(), $"{files.Count} files, but told of are {string.Join(" + ", told)}: {said}");
        int hidden = Hidden().Match(said) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        Assert.Equal(files.Count(f => f.IsHidden), hidden);
    }

    // What is hidden counts once, with all that is in it. Null where there are links.
    private static List<(string Path, bool IsHidden)>? Below(string folder)
    {
        var all = new List<(string, bool)>();
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry.LinkTarget is not null)
            {
                return null;
            }

            bool isHidden = entry.Name[0] == '.' || entry.Name == "__MACOSX";
            if (isHidden || entry is FileInfo)
            {
                all.Add((entry.FullName, isHidden));
            }
            else if (Below(entry.FullName) is { } more)
            {
                all.AddRange(more);
            }
            else
            {
                return null;
            }
        }

        return all;
    }

    [GeneratedRegex(@"([\d,]+) (?:(?:examples |images )?to (?:train on,|validate with,|test with)|files? that (?:is no image|are no images)"
        + "|images? beside|images? of kinds|images? that cannot be read)")]
    private static partial Regex Told();

    [GeneratedRegex(@"(\d+) hidden f")]
    private static partial Regex Hidden();
}
