namespace MlNetDl.Experiments;

/// <summary>Paths of data in an experiment's file: they count from the current folder, and where nothing is there, from the folder of the
/// file.</summary>
/// <param name="file">The experiment's file.</param>
internal sealed class PathsBeside(string file)
{
    private readonly List<string> notes = [];

    /// <summary>Which paths were taken where that is not plain, a sentence each.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>The path that is taken.</summary>
    /// <param name="key">The key that names it.</param>
    /// <param name="path">The path as it is written.</param>
    public string? Of(string key, string? path)
    {
        if (string.IsNullOrEmpty(path) || Path.IsPathRooted(path))
        {
            return path;
        }

        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, path);
        if (!Exists(beside) || Path.GetFullPath(path) == Path.GetFullPath(beside))
        {
            return path;
        }

        if (!Exists(path))
        {
            notes.Add($"{key} is '{Path.GetFullPath(beside)}', beside the experiment's file");
            return beside;
        }

        notes.Add($"warning: {key} is '{Path.GetFullPath(path)}', from the current folder; another '{path}' lies beside the experiment's file "
            + "and is not taken");
        return path;
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);
}
