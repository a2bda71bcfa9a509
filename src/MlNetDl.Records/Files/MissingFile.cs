namespace MlNetDl.Files;

/// <summary>What messages add about a path that leads nowhere.</summary>
internal static class MissingFile
{
    /// <summary>Where a relative path was looked for; nothing of one that says so itself.</summary>
    public static string Place(string path) => path.Length == 0 || Path.IsPathFullyQualified(path)
        ? ""
        : $" A path counts from the current folder, so it was looked for at '{Path.GetFullPath(path)}'.";
}
