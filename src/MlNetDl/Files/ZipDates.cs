using System.IO.Compression;

namespace MlNetDl.Files;

/// <summary>Dates of zip entries: one for all, so that the same content gives the same bytes.</summary>
internal static class ZipDates
{
    /// <summary>The first date that a zip can hold.</summary>
    public static readonly DateTimeOffset Fixed = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Dates all entries of a zip in place; their contents are neither read nor moved.</summary>
    /// <param name="zip">A stream that can be read, written and searched.</param>
    public static void Fix(Stream zip)
    {
        using var archive = new ZipArchive(zip, ZipArchiveMode.Update, leaveOpen: true);
        foreach (var entry in archive.Entries)
        {
            entry.LastWriteTime = Fixed;
        }
    }
}
