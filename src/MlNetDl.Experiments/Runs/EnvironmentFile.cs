using System.Text.Json;
using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>Writes where and with what a run is made.</summary>
internal static class EnvironmentFile
{
    /// <summary>Writes the file.</summary>
    public static void Write(string path) =>
        AtomicFile.WriteText(path, JsonSerializer.Serialize(EnvironmentInfo.Current(), RunResult.Json));
}
