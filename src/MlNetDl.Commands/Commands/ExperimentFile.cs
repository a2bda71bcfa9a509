namespace MlNetDl.Commands;

/// <summary>Tells files of experiments from other things that a command takes.</summary>
internal static class ExperimentFile
{
    /// <summary>Whether a path names one.</summary>
    public static bool IsOne(string path) =>
        path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
}
