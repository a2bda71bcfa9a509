namespace MlNetDl.Data;

/// <summary>Kinds of image files, told by the extension in any case.</summary>
internal static class ImageKinds
{
    /// <summary>For messages.</summary>
    public const string Expected = ".png, .jpg, .jpeg, .bmp, .gif, .webp";

    private static readonly HashSet<string> ReadKinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".webp", ".ico", ".cur", ".wbmp",
    };

    private static readonly HashSet<string> UnreadKinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ".tif", ".tiff", ".heic", ".heif", ".avif", ".jp2", ".jxl", ".svg", ".psd", ".tga", ".pcx", ".pgm", ".ppm", ".pbm", ".pnm", ".exr", ".hdr",
        ".raw", ".cr2", ".cr3", ".nef", ".arw", ".dng", ".orf", ".rw2", ".dcm",
    };

    /// <summary>Whether the decoder reads files with the extension of this one.</summary>
    public static bool IsRead(string file) => ReadKinds.Contains(Path.GetExtension(file));

    /// <summary>Whether it is an image of a kind that the decoder does not read.</summary>
    public static bool IsUnread(string file) => UnreadKinds.Contains(Path.GetExtension(file));
}
