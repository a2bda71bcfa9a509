namespace MlNetDl.Files;

/// <summary>The system's folder for temporary files, through which ML.NET saves and loads models of several
/// parts.</summary>
public static class ScratchFolder
{
    private static string Variable => OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";

    /// <summary>Makes sure that files can be written there. Called early, it saves the work that would
    /// be lost later.</summary>
    /// <param name="purpose">What needs it, to begin the error with: "Saving a model".</param>
    /// <exception cref="IOException">They cannot; the message names the folder and the environment variable
    /// that chooses another.</exception>
    public static void Check(string purpose)
    {
        var folder = Path.GetTempPath();
        try
        {
            // ML.NET makes the folder where it is missing.
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(
                Path.Combine(folder, $"mlnetdl-{Guid.NewGuid():N}"),
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                bufferSize: 1,
                FileOptions.DeleteOnClose);
            probe.WriteByte(0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{purpose} needs the folder for temporary files, '{folder}', which cannot be written: {e.Message} " +
                $"Set the environment variable {Variable} to a folder that can be written.", e);
        }
    }
}
