using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlNetDl.Sweeps;

/// <summary>Where a sweep's result is kept: beside the sweeps, or where <c>--out</c> says.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(SweepOptions options, string sweep, JsonObject result)
    {
        var path = options.Text("out", Path.Combine(Folder(), $"{sweep}.result.json"));
        File.WriteAllText(path, result.ToJsonString(Indented) + "\n");
        Console.WriteLine();
        Console.WriteLine($"Written: {path}");
    }

    private static string Folder([CallerFilePath] string source = "") => Path.GetDirectoryName(source)!;
}
