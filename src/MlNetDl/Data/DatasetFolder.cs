namespace MlNetDl.Data;

/// <summary>Finds the folder <c>datasets</c>.</summary>
public static class DatasetFolder
{
    /// <summary>Environment variable that names the folder.</summary>
    public const string Variable = "MLNETDL_DATASETS";

    /// <summary>The path of something in the folder.</summary>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    public static string Find(string relative)
    {
        foreach (var root in Roots())
        {
            var path = Path.Combine(root, relative);
            if (File.Exists(path) || Directory.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException(
            $"Data set '{relative}' was not found. Looked for a folder 'datasets' in the current folder "
                + "and the program's, upwards; run inside the repository, or name the folder in the "
                + $"environment variable {Variable}.",
            relative);
    }

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            yield return named;
        }

        foreach (var start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                yield return Path.Combine(folder.FullName, "datasets");
            }
        }
    }
}
