using System.Text.Json.Nodes;

namespace MlNetDl.Search.Tests;

/// <summary>Golden files: what other programs gave. Beside each lies how it was made.</summary>
internal static class Golden
{
    public static JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name)))!;

    public static int[] Integers(this JsonNode? node) => [.. node!.AsArray().Select(v => (int)v!)];

    /// <summary>Numbers; null stands for NaN.</summary>
    public static double[] Numbers(this JsonNode? node) => [.. node!.AsArray().Select(v => v is null ? double.NaN : (double)v)];
}
