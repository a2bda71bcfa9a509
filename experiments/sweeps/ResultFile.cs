using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlNetDl.Sweeps;

/// <summary>Where a sweep's result is kept: nowhere unless asked for, so that trying something out replaces
/// no recorded result.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="options">Whether and where to.</param>
    /// <param name="result">What was found.</param>
    /// <param name="beside">The recorded result's file; by default the one of the sweep's name beside the sweeps.</param>
    public static void Write(SweepOptions options, JsonObject result, string? beside = null)
    {
        if ((options.IsRecord ? beside ?? Path.Combine(Folder(), $"{options.Sweep}.result.json") : options.File) is { } path)
        {
            File.WriteAllText(path, result.ToJsonString(Indented) + "\n");
            Console.WriteLine();
            Console.WriteLine($"Written: {path}");
        }
    }

    private static string Folder([CallerFilePath] string source = "") => Path.GetDirectoryName(source)!;
}
