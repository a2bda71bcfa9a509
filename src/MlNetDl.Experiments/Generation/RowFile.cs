using System.Globalization;
using MlNetDl.Files;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;

namespace MlNetDl.Experiments;

/// <summary>Rows that a model makes as a file: images as one picture (<c>.png</c>), others as a table (<c>.csv</c>).</summary>
internal static class RowFile
{
    /// <summary>Whether a file is a picture.</summary>
    /// <exception cref="ArgumentException">It is neither a picture nor a table, or the rows do not suit it.</exception>
    /// <exception cref="DirectoryNotFoundException">Its folder does not exist.</exception>
    public static bool IsPicture(string output, Shape rows)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(output)) is { } folder && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The folder of '{output}' does not exist; make it, or name a file elsewhere.");
        }

        bool isPicture = Path.GetExtension(output).ToLowerInvariant() switch
        {
            ".png" => true,
            ".csv" => false,
            var other => throw new ArgumentException($"'{output}' ends with '{other}'; give a .png for images or a .csv for rows of values."),
        };
        return !isPicture || SampleSheet.CanDraw(rows)
            ? isPicture
            : throw new ArgumentException($"The model makes rows of {rows.ElementsPerExample()} values and no images; write them to a .csv.");
    }

    /// <summary>Writes a table.</summary>
    /// <param name="output">The file.</param>
    /// <param name="manifest">Of the model, which may know the names of features.</param>
    /// <param name="rows">The values, row-major.</param>
    /// <param name="width">Values of a row.</param>
    public static void WriteTable(string output, ModelManifest manifest, float[] rows, int width)
    {
        var names = manifest.FeatureNames is { Count: var known } given && known == width
            ? given.Select(Quoted)
            : Enumerable.Range(0, width).Select(i => $"value{(i + 1).ToString(CultureInfo.InvariantCulture)}");
        AtomicFile.WriteText(output, string.Join(',', names) + "\n" + string.Concat(rows.Chunk(width)
            .Select(row => string.Join(',', row.Select(v => v.ToString("R", CultureInfo.InvariantCulture))) + "\n")));
    }

    private static string Quoted(string name) => name.AsSpan().ContainsAny("\",\r\n") ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
}
